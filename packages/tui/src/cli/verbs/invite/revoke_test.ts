import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { invite } from "../../../testing/samples.ts"

describe("invite revoke", () => {
  it.effect("takes an id or a prefix, and shows what it is now", () =>
    Effect.gen(function*() {
      const revoked = { ...invite, state: "revoked" as const }
      const daemon = { invites: { revoke: () => Effect.succeed(revoked) } }
      const { stdout } = yield* typed(["invite", "revoke", "i_aaaaaa"], { daemon })

      assert.include(stdout, "state\trevoked\n")
    }))
})
