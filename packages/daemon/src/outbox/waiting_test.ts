import { layerSeededRandom, MADE_AT, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { admitAll, sign } from "../testing/under_way.ts"
import { Outbox } from "./outbox.ts"

const made = makeMesh("waiting", ["ada", "bob", "cy"])
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("waiting"))

/** A message whose third attempt may leave in a second. */
const delayed = Effect.gen(function*() {
  const message = yield* accepted({ to: [bob] })
  for (const _ of ["first", "second"]) {
    yield* admitAll
    yield* sign(message, "rejected", { reason: "reseal" })
  }
  return message
})

/** What waits, and whether it may leave now. */
const waiting = Effect.gen(function*() {
  const { pending } = yield* Outbox
  const rows = yield* pending((yield* theMesh).id, { after: 0, limit: 10 })
  return rows.map(({ due, id }) => [id, due])
})

/** How long until something may leave that could not at that time. */
function untilDue(since: number) {
  return Outbox.use(({ millisUntilDue }) =>
    Effect.flatMap(theMesh, ({ id }) => millisUntilDue(id, since))
  )
}

describe("makeWaiting", () => {
  it.effect("tells what may leave later from what may now, and says when", () =>
    Effect.gen(function*() {
      const late = yield* delayed
      const prompt = yield* accepted({ to: [bob] })

      assert.deepStrictEqual(yield* waiting, [[late.id, 0], [prompt.id, 1]])
      assert.strictEqual(yield* untilDue(MADE_AT), 1_000)

      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* waiting, [[late.id, 1], [prompt.id, 1]])
      // It became due while somebody looked: there is nothing to wait for.
      assert.strictEqual(yield* untilDue(MADE_AT), 0)
      assert.isUndefined(yield* untilDue(MADE_AT + 1_000))
    }).pipe(Effect.provide(daemon)))

  it.effect("names the first of those to the same device that go first", () =>
    Effect.gen(function*() {
      const { goingFirst } = yield* Outbox
      const first = yield* accepted({ to: [bob] })
      yield* accepted({ to: [cy] })
      yield* accepted({ to: [bob], class: "receipt" })
      const last = yield* accepted({ to: [bob, cy] })

      assert.deepStrictEqual(yield* goingFirst(last), Option.some(first.id))
      assert.deepStrictEqual(yield* goingFirst(first), Option.none())
      yield* admitAll
      assert.deepStrictEqual(yield* goingFirst(last), Option.none())
    }).pipe(Effect.provide(daemon)))

  it.effect("waits no longer where the clock was set back", () =>
    Effect.gen(function*() {
      const { id } = yield* delayed

      yield* TestClock.setTime(MADE_AT - 1)

      assert.deepStrictEqual(yield* waiting, [[id, 1]])
    }).pipe(Effect.provide(daemon)))
})
