import { layerSeededRandom, MADE_AT, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { admitAll, sign } from "../testing/under_way.ts"
import { Outbox } from "./outbox.ts"

const made = makeMesh("waiting", ["ada", "bob"])
const bob = memberOf(made, "bob").device
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

const waiting = Effect.gen(function*() {
  const { pending } = yield* Outbox
  const rows = yield* pending((yield* theMesh).id, { after: 0, limit: 10 })
  return rows.map(({ id }) => id)
})

const untilDue = Outbox.use(({ millisUntilDue }) =>
  Effect.flatMap(theMesh, ({ id }) => millisUntilDue(id))
)

describe("makeWaiting", () => {
  it.effect("leaves out what may leave later, and says when", () =>
    Effect.gen(function*() {
      const late = yield* delayed
      const prompt = yield* accepted({ to: [bob] })

      assert.deepStrictEqual(yield* waiting, [prompt.id])
      assert.strictEqual(yield* untilDue, 1_000)

      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* waiting, [late.id, prompt.id])
      assert.isUndefined(yield* untilDue)
    }).pipe(Effect.provide(daemon)))

  it.effect("does not wait for years where the clock was set back", () =>
    Effect.gen(function*() {
      const { id } = yield* delayed

      yield* TestClock.setTime(MADE_AT - 3e11)

      assert.deepStrictEqual(yield* waiting, [id])
    }).pipe(Effect.provide(daemon)))
})
