import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { type as typed } from "../testing/command_line.ts"
import { mesh, meshDetail } from "../testing/samples.ts"
import { meshRef } from "./global_flags.ts"

describe("meshRef", () => {
  it("names the mesh that was named", () => {
    assert.deepStrictEqual(meshRef(Option.some("home")), { mesh: "home" })
    assert.deepStrictEqual(meshRef(Option.none()), {})
  })
})

describe("Mesh", () => {
  it.effect("is the flag, else the environment, else nothing", () =>
    Effect.gen(function*() {
      const asked: Array<string | undefined> = []
      const daemon = {
        meshes: {
          show: ({ query }: { readonly query: { readonly mesh?: string } }) =>
            Effect.sync(() => {
              asked.push(query.mesh)
              return meshDetail
            })
        }
      }
      const env = { CLAUDEMESH_MESH: mesh.name }
      yield* typed(["whoami", "--mesh", "acme"], { daemon, env })
      yield* typed(["-m", "acme", "whoami"], { daemon })
      yield* typed(["whoami"], { daemon, env })
      yield* typed(["whoami"], { daemon })

      assert.deepStrictEqual(asked, ["acme", "acme", "home", undefined])
    }))
})
