import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { invite } from "../../../testing/samples.ts"

describe("invite list", () => {
  it.effect("lists them without their links", () =>
    Effect.gen(function*() {
      const daemon = { invites: { list: () => Effect.succeed({ items: [invite] }) } }
      const { stdout } = yield* typed(["invite", "list"], { daemon, terminal: true })

      assert.strictEqual(
        stdout,
        "ID                            STATE  ROLE    USED    ENDS    BY\n" +
          `${invite.id}  open   member  1 of 5  in 23h  ada\n`
      )
    }))
})
