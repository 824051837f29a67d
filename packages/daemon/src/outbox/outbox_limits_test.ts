import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { admitAll, beginAll, sign } from "../testing/under_way.ts"
import { Delivery } from "./delivery.ts"
import { makeOutboxLimits } from "./outbox_limits.ts"

const made = makeMesh("limits", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device

/** A daemon with these settings. */
function daemonWith(settings: Record<string, string>) {
  return layerMadeDaemon(made, "ada").pipe(
    Layer.provide(layerSeededRandom("limits")),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(settings)))
  )
}

const load = SqlClient.SqlClient.use((sql) => sql`SELECT messages, bytes FROM outbox_load`.values)

describe("makeOutboxLimits", () => {
  it.effect("refuses one message more than may wait, and takes it once one has arrived", () =>
    Effect.gen(function*() {
      const first = yield* accepted({ to: [bob] })
      yield* accepted({ to: [bob] })

      const refusal = yield* Effect.flip(accepted({ to: [bob] }))
      assert.strictEqual(refusal.code, "outbox_full")
      assert.include(refusal.message, "2 messages wait, and at most 2 may")

      yield* admitAll
      yield* sign(first, "inboxed")
      yield* accepted({ to: [bob] })
    }).pipe(Effect.provide(daemonWith({ CLAUDEMESH_OUTBOX_MESSAGES: "2" }))))

  it.effect("refuses more bytes than may wait, and still takes fewer", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob], text: "x".repeat(900) })

      const refusal = yield* Effect.flip(accepted({ to: [bob], text: "x".repeat(200) }))

      assert.strictEqual(refusal.code, "outbox_full")
      yield* accepted({ to: [bob], text: "hi" })
    }).pipe(Effect.provide(daemonWith({ CLAUDEMESH_OUTBOX_BYTES: "1000" }))))

  it.effect("takes every receipt, and a repeat of what it has", () =>
    Effect.gen(function*() {
      const { id } = yield* accepted({ to: [bob] })

      yield* accepted({ to: [bob], id })
      yield* Effect.replicateEffect(accepted({ to: [bob], class: "receipt" }), 3)
    }).pipe(Effect.provide(daemonWith({ CLAUDEMESH_OUTBOX_MESSAGES: "1" }))))

  it.effect("counts what waits however it ends", () =>
    Effect.gen(function*() {
      const { end, forget, prune, reject } = yield* Delivery
      const rejected = yield* accepted({ to: [bob] })
      const cancelled = yield* accepted({ to: [bob] })
      const arrived = yield* accepted({ to: [bob] })
      assert.strictEqual((yield* load)[0]?.[0], 3)

      yield* reject(rejected, "too_large")
      yield* end(cancelled, { state: "aborted" })
      yield* beginAll
      yield* sign(arrived, "inboxed")
      assert.deepStrictEqual(yield* load, [[0, 0]])

      yield* prune(mesh, { before: Number.MAX_SAFE_INTEGER, limit: 10 })
      yield* accepted({ to: [bob] })
      yield* forget(mesh)
      assert.deepStrictEqual(yield* load, [[0, 0]])
    }).pipe(Effect.provide(daemonWith({}))))

  it.effect.each(["0", "-1", "many"])(
    "refuses to begin with %s messages",
    (text) =>
      Effect.gen(function*() {
        const settings = ConfigProvider.fromUnknown({ CLAUDEMESH_OUTBOX_MESSAGES: text })

        const refusal = yield* Effect.flip(
          Effect.provideService(makeOutboxLimits, ConfigProvider.ConfigProvider, settings)
        )

        assert.strictEqual(refusal.code, "usage")
        assert.include(refusal.message, "CLAUDEMESH_OUTBOX_MESSAGES")
      }).pipe(Effect.provide(daemonWith({})))
  )
})
