/**
 * The rules of `LogStore` on what lies unread: who has read how far, what is full, what goes early.
 *
 * They hold under `smallLimits`.
 *
 * @module
 */
import type { DeviceId } from "@claudemesh/protocol"
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { type BrokerLimitValues, defaultBrokerLimits } from "../../broker_limits.ts"
import { LogStore } from "../log_store.ts"
import { MembershipStore } from "../membership_store.ts"
import type { StoreFailed } from "../store_failed.ts"
import {
  SAMPLE_AT,
  sampleAdmission,
  sampleDevice,
  sampleFounding,
  sampleMesh,
  type SampleOptions
} from "./sample.ts"

/** Bounds that a few entries reach. */
export const smallLimits: BrokerLimitValues = {
  ...defaultBrokerLimits,
  mailboxEntriesMax: 4,
  mailboxBytesMax: 1_000,
  senderBytesMax: 1_500,
  meshBytesMax: 2_500,
  mailboxReadBytesMax: 500
}

const mesh = sampleMesh("m")
const [a, b, c] = [sampleDevice("a"), sampleDevice("b"), sampleDevice("c")]

const founded = MembershipStore.use((store) => store.append(sampleFounding(mesh, a, b, c)))

/** An admission of so many bytes. */
function sized(number: number, bytes: number, options: SampleOptions = {}) {
  return { ...sampleAdmission(number, options), text: "x".repeat(bytes) }
}

const typesOf = Effect.fnUntraced(function*(...batch: ReadonlyArray<ReturnType<typeof sized>>) {
  const outcomes = yield* LogStore.use((store) => store.admit(batch))
  return outcomes.map((outcome) =>
    "device" in outcome ? `${outcome.type} ${outcome.device}` : outcome.type
  )
})

/** Attaches the device, which then says that it has everything up to a number. */
const acknowledged = Effect.fnUntraced(function*(device: DeviceId, upto: number) {
  const store = yield* LogStore
  const attached = yield* store.attach({ mesh, device })
  const ack = { mailbox: { mesh, device }, epoch: attached?.epoch ?? 0, upto }
  return yield* store.acknowledge([ack])
})

function sweepAt(now: number) {
  return LogStore.use((store) => store.sweep({ now, dedupesBefore: 0, rowsMax: 10 }))
}

const seqsIn = Effect.fnUntraced(function*(device: DeviceId) {
  const entries = yield* LogStore.use((store) => store.read({ mesh, device }, 0, 10))
  return entries.map(({ seq }) => seq)
})

type Rules = Readonly<Record<string, Effect.Effect<void, StoreFailed, LogStore | MembershipStore>>>

/** What holds, and how it is seen to hold. */
export const unreadRules: Rules = {
  "admits nothing by an attachment that is not the newest of its mailbox": Effect.gen(function*() {
    yield* founded
    const other = sampleMesh("n")
    yield* MembershipStore.use((store) => store.append(sampleFounding(other, a)))
    const store = yield* LogStore
    const old = (yield* store.attach({ mesh, device: a }))?.epoch ?? 0
    assert.deepStrictEqual(yield* typesOf(sampleAdmission(1, { epoch: old })), ["admitted"])
    const epoch = (yield* store.attach({ mesh, device: a }))?.epoch ?? 0
    yield* store.attach({ mesh: other, device: a })

    const batch = [1, 2].map((number) => sampleAdmission(number, { epoch: old }))
    assert.deepStrictEqual(yield* typesOf(...batch), ["fenced", "fenced"])
    assert.deepStrictEqual(yield* typesOf(sampleAdmission(2, { epoch })), ["admitted"])
  }),
  "notes how far a device has read: never back, never past the end, only by the newest attachment":
    Effect.gen(function*() {
      yield* founded
      const mailbox = { mesh, device: b }
      const store = yield* LogStore
      yield* store.admit([1, 2, 3].map((number) => sampleAdmission(number)))
      const old = (yield* store.attach(mailbox))?.epoch ?? 0
      const epoch = (yield* store.attach(mailbox))?.epoch ?? 0

      const stranger = { mesh: sampleMesh("n"), device: b }
      const outcomes = yield* store.acknowledge([
        { mailbox, epoch: old, upto: 3 },
        { mailbox, epoch, upto: 2 },
        { mailbox, epoch, upto: 1 },
        { mailbox: stranger, epoch, upto: 1 }
      ])
      assert.deepStrictEqual(outcomes, [false, true, true, false])
      assert.strictEqual((yield* store.attach(mailbox))?.acked, 2)
      yield* acknowledged(b, 9)
      assert.strictEqual((yield* store.attach(mailbox))?.acked, 3)
    }),
  "takes no more entries into a mailbox than may lie unread, but for receipts": Effect.gen(
    function*() {
      yield* founded
      const four = [1, 2, 3, 4].map((number) => sampleAdmission(number))
      yield* typesOf(...four)
      const fifth = sampleAdmission(5, { to: [a, b] })
      assert.deepStrictEqual(yield* typesOf(fifth), [`mailbox_full ${b}`])
      assert.deepStrictEqual(yield* typesOf(sampleAdmission(4)), ["repeated"])
      assert.lengthOf(yield* seqsIn(a), 0)
      const receipts = [6, 7].map((number) => sampleAdmission(number, { class: "receipt" }))
      assert.deepStrictEqual(yield* typesOf(...receipts), ["admitted", `mailbox_full ${b}`])

      yield* acknowledged(b, 2)
      assert.deepStrictEqual(yield* typesOf(fifth), ["admitted"])
      assert.deepStrictEqual(yield* seqsIn(b), [1, 2, 3, 4, 5, 6])
    }
  ),
  "takes no more bytes into a mailbox than may lie unread": Effect.gen(function*() {
    yield* founded
    const second = sized(2, 401)
    assert.deepStrictEqual(yield* typesOf(sized(1, 600), second), ["admitted", `mailbox_full ${b}`])
    yield* acknowledged(b, 1)
    assert.deepStrictEqual(yield* typesOf(second), ["admitted"])
  }),
  "takes no more of one sender than may lie unread of it, once for each that it is to": Effect.gen(
    function*() {
      yield* founded
      const both = { to: [b, c] }
      assert.deepStrictEqual(yield* typesOf(sized(1, 400, both)), ["admitted"])
      assert.deepStrictEqual(yield* typesOf(sized(2, 351, both)), ["sender_full"])
      assert.deepStrictEqual(yield* typesOf(sized(3, 351, { from: c, to: [b] })), ["admitted"])
      yield* acknowledged(c, 1)
      assert.deepStrictEqual(yield* typesOf(sized(2, 200, both)), ["admitted"])
    }
  ),
  "takes no more into a mesh than may lie unread there": Effect.gen(function*() {
    yield* founded
    const three = [
      sized(1, 900, { from: a, to: [b] }),
      sized(2, 900, { from: b, to: [c] }),
      sized(3, 600, { from: c, to: [a] })
    ]
    assert.deepStrictEqual(yield* typesOf(...three), ["admitted", "admitted", "admitted"])
    const more = sized(4, 101, { from: c, to: [a] })
    assert.deepStrictEqual(yield* typesOf(more), ["mesh_full"])
    yield* acknowledged(b, 1)
    assert.deepStrictEqual(yield* typesOf(more), ["admitted"])
  }),
  "counts what has expired as unread no longer, and what was read before not twice": Effect.gen(
    function*() {
      yield* founded
      yield* typesOf(...[1, 2, 3, 4].map((number) => sampleAdmission(number, { ttl: 10 })))
      yield* acknowledged(b, 2)
      yield* sweepAt(SAMPLE_AT + 20)
      const five = [5, 6, 7, 8, 9].map((number) => sampleAdmission(number))
      const expected = [...Array.from({ length: 4 }, () => "admitted"), `mailbox_full ${b}`]
      assert.deepStrictEqual(yield* typesOf(...five), expected)
    }
  ),
  "drops the oldest of what was read where a mailbox keeps much of it, and nothing unread": Effect
    .gen(function*() {
      yield* founded
      const both = { to: [b, c] }
      yield* typesOf(sized(1, 200, both), ...[2, 3, 4].map((number) => sized(number, 200)))
      yield* acknowledged(b, 3)
      assert.deepStrictEqual(yield* sweepAt(0), { entries: 1, dedupes: 0 })
      assert.deepStrictEqual(yield* sweepAt(0), { entries: 0, dedupes: 0 })

      assert.deepStrictEqual(yield* seqsIn(b), [2, 3, 4])
      assert.deepStrictEqual(yield* seqsIn(c), [1])
    })
}
