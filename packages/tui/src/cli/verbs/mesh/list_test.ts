import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { mesh } from "../../../testing/samples.ts"

describe("mesh list", () => {
  it.effect("is a line for each mesh", () =>
    Effect.gen(function*() {
      const daemon = { meshes: { list: () => Effect.succeed({ items: [mesh] }) } }
      const { stdout } = yield* typed(["mesh", "list"], { daemon })

      assert.strictEqual(
        stdout,
        "home\tcurrent\tada@laptop (admin)\t2\t1\t0\tconnected\thttp://127.0.0.1:7843\n"
      )
    }))

  it.effect("says how to get one where there is none", () =>
    Effect.gen(function*() {
      const daemon = { meshes: { list: () => Effect.succeed({ items: [] }) } }
      const eyes = yield* typed(["mesh", "list"], { daemon, terminal: true })
      const pipe = yield* typed(["mesh", "list"], { daemon })

      assert.include(eyes.stdout, "claudemesh join LINK")
      assert.strictEqual(pipe.stdout, "")
    }))
})
