import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { invite } from "../../../testing/samples.ts"

describe("invite create", () => {
  it.effect("is the link alone in a pipe, and says to people what it is worth", () =>
    Effect.gen(function*() {
      const payloads: Array<unknown> = []
      const daemon = {
        invites: {
          create: ({ payload }: { readonly payload: object }) =>
            Effect.sync(() => {
              payloads.push(payload)
              return invite
            })
        }
      }
      const line = "invite create --uses 5 --expires 24h --role admin --mesh home"
      const pipe = yield* typed(line.split(" "), { daemon })
      const eyes = yield* typed(["invite", "create"], { daemon, terminal: true })

      assert.deepStrictEqual(payloads, [
        { mesh: "home", max_uses: 5, expires_in_ms: 86_400_000, role: "admin" },
        {}
      ])
      assert.strictEqual(pipe.stdout, `${invite.link}\n`)
      assert.include(eyes.stdout, "used    1 of 5\nends    in 23h\n")
      assert.include(eyes.stdout, "Whoever has the link can join.")
      assert.include(eyes.stdout, `Next: claudemesh join '${invite.link}'`)
    }))
})
