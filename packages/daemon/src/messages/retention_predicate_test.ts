import { limits, type MessageId } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh, messageIdOf, seededBytes } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { Inbox } from "../inbox/inbox.ts"
import { Delivery } from "../outbox/delivery.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { KEPT_MILLIS } from "./retention_sweeper.ts"

const made = makeMesh("retention predicate", ["ada", "bob"])
const mesh = made.membership.mesh
const daemon = Layer.provideMerge(
  layerMadeDaemon(made, "ada"),
  layerSeededRandom("retention predicate")
)

const OUTBOX_STATES = ["pending", "sending", "admitted", "delivered", "dead", "expired", "aborted"]
const OPEN = new Set(["pending", "sending", "admitted"])
const BEFORE = 1_000

/** A row of either table: what must hold for it to go. */
interface Row {
  readonly id: string
  readonly mayGo: boolean
}

/** A random place, age and state. */
interface Drawn {
  readonly where: string
  readonly at: number
  readonly state: number
}

const META = "{\"priority\":\"next\"}"

const receivedRow = Effect.fnUntraced(function*(id: MessageId, { at, state, where }: Drawn) {
  const sql = yield* SqlClient.SqlClient
  const readAt = state % 3 === 0 ? null : at
  const row = { mesh: where, sender: "d", id, commitment: "c", meta: META, text: "t" }
  yield* sql`INSERT INTO inbox ${sql.insert({ ...row, sentAt: at, receivedAt: at, readAt })}`
  return { id, mayGo: where === mesh && at < BEFORE && readAt !== null } satisfies Row
})

const sentRow = Effect.fnUntraced(function*(id: MessageId, { at, state: drawn, where }: Drawn) {
  const sql = yield* SqlClient.SqlClient
  const state = OUTBOX_STATES[drawn % OUTBOX_STATES.length] ?? ""
  const body = new Uint8Array([1])
  const row = { mesh: where, id, class: "dm", addressed: "bob", meta: META, commitment: "c" }
  yield* sql`INSERT INTO outbox ${
    sql.insert({ ...row, content: body, salt: body, acceptedAt: at, ttl: 1, state })
  }`
  return { id, mayGo: where === mesh && at < BEFORE && !OPEN.has(state) } satisfies Row
})

/** Rows of random state and age, in this mesh and in another. */
const randomRows = Effect.fnUntraced(function*(seed: string) {
  const bytes = seededBytes(seed)
  const drawn = Array.from({ length: 40 }, (): Drawn => {
    const [state = 0, age = 0, place = 0] = bytes(3)
    return { state, at: age * 8, where: place % 4 === 0 ? "m_elsewhere" : mesh }
  })
  return {
    inbox: yield* Effect.forEach(drawn, (one, at) => receivedRow(messageIdOf(at), one)),
    outbox: yield* Effect.forEach(drawn, (one, at) => sentRow(messageIdOf(at), one))
  }
})

/** Which of the rows are left. */
const left = Effect.fnUntraced(function*(table: "inbox" | "outbox") {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ readonly id: string }>`SELECT id FROM ${sql(table)}`
  return new Set(rows.map(({ id }) => id))
})

function kept(rows: ReadonlyArray<Row>) {
  return rows.filter(({ mayGo }) => !mayGo).map(({ id }) => id)
}

describe("what is removed after a time", () => {
  it.effect.each(Array.from({ length: 12 }, (_, at) => `seed ${at}`))(
    "is never unread, never without an end, never younger: %s",
    (seed) =>
      Effect.gen(function*() {
        const inbox = yield* Inbox
        const delivery = yield* Delivery
        const rows = yield* randomRows(seed)
        const some = { before: BEFORE, limit: 3 }

        assert.isAtMost(yield* inbox.prune(mesh, some), 3)
        assert.isAtMost(yield* delivery.prune(mesh, some), 3)
        for (const table of ["inbox", "outbox"] as const) {
          const remaining = yield* left(table)
          assert.isTrue(kept(rows[table]).every((id) => remaining.has(id)), table)
        }

        yield* inbox.prune(mesh, { before: BEFORE, limit: 100 })
        yield* delivery.prune(mesh, { before: BEFORE, limit: 100 })
        assert.deepStrictEqual(yield* left("inbox"), new Set(kept(rows.inbox)))
        assert.deepStrictEqual(yield* left("outbox"), new Set(kept(rows.outbox)))
      }).pipe(Effect.provide(daemon))
  )

  it("is remembered for longer than any sender may repeat it", () => {
    assert.isAbove(KEPT_MILLIS, limits.dedupeMillis)
    assert.isAbove(limits.dedupeMillis, limits.ttlMillisMax)
  })
})
