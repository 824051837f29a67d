import { refused } from "@claudemesh/protocol/errors"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { outboxEntry } from "../../../testing/samples.ts"

describe("outbox cancel", () => {
  it.effect("says that it was taken back", () =>
    Effect.gen(function*() {
      const aborted = { ...outboxEntry, outbox_state: "aborted" as const }
      const daemon = { outbox: { cancel: () => Effect.succeed(aborted) } }
      const { exit, stdout } = yield* typed(["outbox", "cancel", "019a00"], { daemon })

      assert.deepStrictEqual({ exit, stdout }, { exit: 0, stdout: `${aborted.id}\taborted\n` })
    }))

  it.effect("says that it cannot be where it has left", () =>
    Effect.gen(function*() {
      const refusal = refused("already_sent", "Cannot cancel message \"x\": the broker has it")
      const daemon = { outbox: { cancel: () => Effect.fail(refusal) } }
      const { exit, stderr } = yield* typed(["outbox", "cancel", "019a00"], { daemon })

      assert.strictEqual(exit, 5)
      assert.include(stderr, "error: Cannot cancel message \"x\": the broker has it\n")
      assert.include(stderr, "say so in another message")
    }))
})
