import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { mesh, meshDetail } from "../../../testing/samples.ts"

describe("mesh show", () => {
  it.effect("shows the members, and asks for the mesh that is named", () =>
    Effect.gen(function*() {
      const queries: Array<unknown> = []
      const daemon = {
        meshes: {
          show: ({ query }: { readonly query: object }) =>
            Effect.sync(() => {
              queries.push(query)
              return meshDetail
            })
        }
      }
      const { stdout } = yield* typed(["mesh", "show", "acme", "--mesh", "home"], {
        daemon,
        terminal: true
      })
      yield* typed(["mesh", "show", "--mesh", "home"], { daemon })

      assert.deepStrictEqual(queries, [{ mesh: "acme" }, { mesh: "home" }])
      assert.include(
        stdout,
        `\nMEMBER  ROLE   DEVICE  ID\nada     admin  laptop  ${mesh.device_id}\n`
      )
      assert.include(stdout, "history   3 changes, ")
    }))
})
