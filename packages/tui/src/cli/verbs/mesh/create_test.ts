import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { mesh } from "../../../testing/samples.ts"

describe("mesh create", () => {
  it.effect("founds a mesh at the broker that is named", () =>
    Effect.gen(function*() {
      const payloads: Array<unknown> = []
      const daemon = {
        meshes: {
          create: ({ payload }: { readonly payload: object }) =>
            Effect.sync(() => {
              payloads.push(payload)
              return mesh
            })
        }
      }
      const line = "mesh create home --broker http://127.0.0.1:7843 --name ada --code one-two"
      const { stdout } = yield* typed(line.split(" "), { daemon, terminal: true })

      assert.deepStrictEqual(payloads, [
        { name: "home", broker: "http://127.0.0.1:7843", member: "ada", code: "one-two" }
      ])
      assert.match(stdout, /^Created home; you are ada@laptop \(admin\)\n/)
    }))

  it.effect("needs a broker", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typed(["mesh", "create", "home"], { daemon: {} })

      assert.strictEqual(exit, 2)
      assert.include(stderr, "Missing required flag: --broker")
    }))
})
