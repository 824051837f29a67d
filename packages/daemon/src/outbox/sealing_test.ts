import { MADE_AT, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { accepted } from "../testing/accepted.ts"
import { drainAmong, layerDraining, placesSent } from "../testing/draining.ts"
import { sign } from "../testing/under_way.ts"

const made = makeMesh("sealing", ["ada", "bob", "cy"])
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = layerDraining(made, "ada")

describe("makeSubmit", () => {
  it.effect("says which head of the log it knew, and when the message was accepted", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob], ttl: 86_400_000 })
      yield* TestClock.adjust("1 hour")

      const { fake } = yield* drainAmong(made)

      const { hash, seq } = made.membership.head
      assert.deepInclude(fake.sent()[0]?.header, {
        log_head: [seq, hash],
        sent_at: MADE_AT,
        ttl: 86_400_000
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("says to each device what it must not overtake, while that has not come", () =>
    Effect.gen(function*() {
      const first = yield* accepted({ to: [bob] })
      yield* accepted({ to: [cy] })
      const { fake } = yield* drainAmong(made)
      yield* accepted({ to: [bob, cy] })
      yield* TestClock.adjust("1 millis")
      yield* sign(first, "inboxed")
      yield* accepted({ to: [bob] })
      yield* TestClock.adjust("1 millis")

      assert.deepStrictEqual(placesSent(fake, bob), [
        { sseq: 1 },
        { sseq: 2, after: 1 },
        { sseq: 3, after: 2 }
      ])
      assert.deepStrictEqual(placesSent(fake, cy), [{ sseq: 1 }, { sseq: 2, after: 1 }])
    }).pipe(Effect.provide(daemon)))
})
