import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { mesh } from "../../../testing/samples.ts"

describe("mesh use", () => {
  it.effect("says which one is meant from now on", () =>
    Effect.gen(function*() {
      const daemon = { meshes: { use: () => Effect.succeed(mesh) } }
      const { stdout } = yield* typed(["mesh", "use", "home"], { daemon, terminal: true })

      assert.match(stdout, /^home is the current mesh\n/)
    }))
})
