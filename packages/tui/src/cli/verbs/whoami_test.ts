import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../testing/command_line.ts"
import { mesh, meshDetail } from "../../testing/samples.ts"

describe("whoami", () => {
  it.effect("says who this device is, and no more", () =>
    Effect.gen(function*() {
      const daemon = { meshes: { show: () => Effect.succeed(meshDetail) } }
      const text = yield* typed(["whoami"], { daemon })
      const json = yield* typed(["whoami", "--json"], { daemon })

      assert.match(text.stdout, /^you are\tada@laptop\nrole\tadmin\nmesh\thome\n/)
      assert.deepStrictEqual((yield* documentOf(json.stdout)).item, {
        mesh: mesh.mesh,
        name: "home",
        member: "ada",
        member_id: mesh.member_id,
        device: "laptop",
        device_id: mesh.device_id,
        role: "admin",
        broker: mesh.broker
      })
    }))
})
