import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { mesh } from "../../../testing/samples.ts"

describe("mesh leave", () => {
  it.effect.each([[true, "its members know"], [false, "its members were not told"]] as const)(
    "says whether the others know: %s",
    ([announced, said]) =>
      Effect.gen(function*() {
        const payloads: Array<unknown> = []
        const daemon = {
          meshes: {
            leave: ({ payload }: { readonly payload: object }) =>
              Effect.sync(() => {
                payloads.push(payload)
                return { mesh: mesh.mesh, name: "home", announced }
              })
          }
        }
        const { stdout } = yield* typed(["mesh", "leave", "home", "--force"], { daemon })

        assert.deepStrictEqual(payloads, [{ mesh: "home", force: true }])
        assert.include(stdout, said)
      })
  )
})
