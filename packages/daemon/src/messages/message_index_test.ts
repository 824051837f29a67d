import { DeviceId, type MessageId } from "@claudemesh/protocol"
import { layerSeededRandom, MADE_AT, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { MessageIndex } from "./message_index.ts"

const made = makeMesh("index", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const daemon = MessageIndex.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "ada")),
  Layer.provide(layerSeededRandom("index"))
)

function find(typed: string) {
  return MessageIndex.use((index) => index.find(typed))
}

/** A message that came. */
function arrived(id: MessageId, sender = bob) {
  return SqlClient.SqlClient.use((sql) =>
    sql`INSERT INTO inbox ${
      sql.insert({
        mesh,
        sender,
        id,
        commitment: "A",
        meta: "{\"priority\":\"next\"}",
        text: "hello",
        sentAt: MADE_AT,
        receivedAt: MADE_AT
      })
    }`
  )
}

describe("MessageIndex.find", () => {
  it.effect("finds what was sent and what came, by the beginning of the id in any case", () =>
    Effect.gen(function*() {
      yield* arrived(messageIdOf(0xaaa))
      yield* accepted({ to: [bob], id: messageIdOf(0xbbb) })

      const received = yield* find(` ${messageIdOf(0xaaa).toUpperCase()}`)
      const sent = yield* find(messageIdOf(0xbbb))

      assert.isTrue("received" in received)
      assert.deepStrictEqual(sent, {
        id: messageIdOf(0xbbb),
        sent: { mesh, id: messageIdOf(0xbbb) }
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("does not choose between several, and says which", () =>
    Effect.gen(function*() {
      yield* arrived(messageIdOf(1))
      yield* accepted({ to: [bob], id: messageIdOf(2) })

      const refusal = yield* Effect.flip(find("019b76"))

      assert.strictEqual(refusal.code, "ambiguous_name")
      assert.deepStrictEqual(refusal.candidates, [messageIdOf(1), messageIdOf(2)])
    }).pipe(Effect.provide(daemon)))

  it.effect("tells two messages apart that have one id by nothing, and says so", () =>
    Effect.gen(function*() {
      yield* arrived(messageIdOf(1))
      yield* arrived(messageIdOf(1), DeviceId.make(`d_${"a".repeat(26)}`))

      assert.strictEqual((yield* Effect.flip(find(messageIdOf(1)))).code, "ambiguous_name")
    }).pipe(Effect.provide(daemon)))

  it.effect.each(["", "019b7", "ffffffff", "'; DROP TABLE inbox; --"])(
    "finds nothing for %j",
    (typed) =>
      Effect.gen(function*() {
        yield* arrived(messageIdOf(1))

        assert.strictEqual((yield* Effect.flip(find(typed))).code, "message_not_found")
      }).pipe(Effect.provide(daemon))
  )
})
