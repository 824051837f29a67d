import { refused } from "@claudemesh/protocol/errors"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { outboxEntry, received, sent } from "../../../testing/samples.ts"

const fresh = { ...outboxEntry, supersedes: received.id }

describe("outbox requeue", () => {
  it.effect("says the new id, and how to follow it", () =>
    Effect.gen(function*() {
      const daemon = {
        outbox: { requeue: () => Effect.succeed(fresh), show: () => Effect.succeed(outboxEntry) }
      }
      const { stderr, stdout } = yield* typed(["outbox", "requeue", "019a00"], {
        daemon,
        terminal: true
      })

      assert.strictEqual(stderr, "")
      assert.include(stdout, `queued  ${fresh.id}  to bob\nNext: claudemesh message status`)
    }))

  it.effect("warns where a broker had the old one", () =>
    Effect.gen(function*() {
      const old = { ...outboxEntry, recipients: sent.recipients }
      const daemon = {
        outbox: { requeue: () => Effect.succeed(fresh), show: () => Effect.succeed(old) }
      }
      const { stderr } = yield* typed(["outbox", "requeue", "019a00"], { daemon })

      assert.include(stderr, `A broker had "${received.id}": should it arrive after all`)
    }))

  it.effect("is refused with 5 where there is nothing to send once more", () =>
    Effect.gen(function*() {
      const refusal = refused("nothing_to_requeue", "Cannot send it once more: all have it")
      const daemon = { outbox: { requeue: () => Effect.fail(refusal) } }
      const { exit } = yield* typed(["outbox", "requeue", "019a00"], { daemon })

      assert.strictEqual(exit, 5)
    }))
})
