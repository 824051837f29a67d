import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { accepted, outgoing } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { admitAll, beginAll } from "../testing/under_way.ts"
import { makeAttempts } from "./attempts.ts"

const made = makeMesh("attempts", ["ada", "bob"])
const ada = memberOf(made, "ada").device
const bob = memberOf(made, "bob").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("attempts"))

describe("makeAttempts", () => {
  it.effect("counts refusals in a row, and knows which brokers have answered", () =>
    Effect.gen(function*() {
      const { postpone } = yield* makeAttempts
      const { id } = yield* accepted({ to: [bob] })
      yield* beginAll
      yield* postpone(yield* outgoing(id), { code: "store_full", delayMillis: 500 })
      const { acceptedAt } = yield* outgoing(id)

      assert.deepInclude(yield* outgoing(id), {
        state: "pending",
        tries: 1,
        lastError: "store_full",
        notBefore: acceptedAt + 500,
        unanswered: 0
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("postpones what has not left, and it has not left by that", () =>
    Effect.gen(function*() {
      const { postpone } = yield* makeAttempts
      const message = yield* accepted({ to: [bob] })

      yield* postpone(message, { code: "no_prekey", delayMillis: 500 })

      assert.deepInclude(yield* outgoing(message.id), { tries: 1, unanswered: 0 })
    }).pipe(Effect.provide(daemon)))

  it.effect("releases without a refusal of its own, and overtakes with another sealing", () =>
    Effect.gen(function*() {
      const { overtook, release } = yield* makeAttempts
      const one = yield* accepted({ to: [bob] })
      const two = yield* accepted({ to: [bob] })
      yield* beginAll

      yield* release(one)
      yield* overtook(two)

      assert.deepInclude(yield* outgoing(one.id), {
        state: "pending",
        tries: 0,
        attempt: 0,
        unanswered: 0
      })
      assert.deepInclude(yield* outgoing(two.id), { state: "pending", attempt: 1, unanswered: 1 })
    }).pipe(Effect.provide(daemon)))

  it.effect("expects prekeys soon, of those devices and for what lacks them", () =>
    Effect.gen(function*() {
      const { expectPrekeys, postpone } = yield* makeAttempts
      const lacking = yield* accepted({ to: [bob] })
      const refused = yield* accepted({ to: [bob] })
      yield* postpone(lacking, { code: "no_prekey", delayMillis: 30_000 })
      yield* postpone(refused, { code: "store_full", delayMillis: 30_000 })
      const { acceptedAt } = yield* outgoing(lacking.id)

      assert.strictEqual(yield* expectPrekeys(made.membership.mesh, [ada]), 0)
      assert.strictEqual(yield* expectPrekeys(made.membership.mesh, [ada, bob]), 1)

      assert.deepInclude(yield* outgoing(lacking.id), { tries: 0, notBefore: acceptedAt + 500 })
      yield* TestClock.adjust("500 millis")
      assert.strictEqual(yield* expectPrekeys(made.membership.mesh, [bob]), 0, "it waits no more")
      assert.deepInclude(yield* outgoing(refused.id), { tries: 1, notBefore: acceptedAt + 30_000 })
    }).pipe(Effect.provide(daemon)))

  it.effect("changes nothing that is settled", () =>
    Effect.gen(function*() {
      const { overtook, postpone, release } = yield* makeAttempts
      const message = yield* accepted({ to: [bob] })
      yield* admitAll

      yield* postpone(message, { code: "store_full", delayMillis: 0 })
      yield* release(message)
      yield* overtook(message)

      assert.deepInclude(yield* outgoing(message.id), { state: "admitted", attempt: 0, tries: 0 })
    }).pipe(Effect.provide(daemon)))
})
