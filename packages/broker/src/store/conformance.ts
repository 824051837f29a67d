/**
 * What every implementation of the stores must do, a table for each port.
 *
 * Imported by tests only. A defect found in one implementation becomes a row
 * here before it is fixed.
 *
 * @module
 */
import { assert, describe, it } from "@effect/vitest"
import { InviteId, type LogHead, PrekeyId } from "@claudemesh/protocol"
import { Effect, Layer } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import { LogStore, type Mailbox } from "./log_store.ts"
import { MembershipStore, type StoredChange } from "./membership_store.ts"
import { PrekeyStore } from "./prekey_store.ts"
import type { StoreFailed } from "./store_failed.ts"
import {
  SAMPLE_AT,
  sampleAdmission,
  sampleDevice,
  sampleFounding,
  sampleMesh,
  sampleStatement
} from "./testing/sample.ts"
import { smallLimits, unreadRules } from "./testing/unread_rules.ts"

type Stores = LogStore | MembershipStore | PrekeyStore

/** What holds, and how it is seen to hold. */
type Rules = Readonly<Record<string, Effect.Effect<void, StoreFailed, Stores>>>

/**
 * Runs the rules of one port against one implementation, which `fresh` makes anew and empty, and whose
 * `BrokerLimits` are small.
 */
export function conformance<E>(
  port: keyof typeof ports,
  name: string,
  fresh: () => Layer.Layer<Stores, E>
): void {
  describe(`${name} as ${port}`, () => {
    for (const [rule, check] of Object.entries(ports[port])) {
      it.effect(rule, () => Effect.provide(check, Layer.provide(fresh(), limits)))
    }
  })
}

const limits = Layer.succeed(BrokerLimits, smallLimits)

const mesh = sampleMesh("m")
const [a, b, c] = [sampleDevice("a"), sampleDevice("b"), sampleDevice("c")]
const mailbox: Mailbox = { mesh, device: b }

const founded = MembershipStore.use((store) => store.append(sampleFounding(mesh, a, b, c)))

function change(after: LogHead, more: Partial<StoredChange>): StoredChange {
  const seq = after.seq + 1
  const statements = [sampleStatement(mesh, seq)]
  const none = { devicesAdded: [], devicesEnded: [], invitesAdded: [] }
  return { mesh, after, statements, head: { seq, hash: `${seq}` }, ...none, ...more }
}

const revokedB = MembershipStore.use((store) =>
  store.append(change({ seq: 1, hash: "one" }, { devicesEnded: [b] }))
)

const invite = InviteId.make(`i_${"i".repeat(26)}`)

function prekey(letter: string) {
  const id = PrekeyId.make(`p_${letter.repeat(26)}`)
  const bytes = { key: `${"A".repeat(1_621)}A`, sig: "A".repeat(86) }
  return { mesh, device: b, id, at: SAMPLE_AT, ...bytes }
}

/** The rules of `LogStore`. */
const logStore: Rules = {
  "numbers the entries of each log densely, over batches and senders": Effect.gen(function*() {
    yield* founded
    const store = yield* LogStore
    yield* store.admit([sampleAdmission(1), sampleAdmission(2, { to: [a, b] })])
    yield* store.admit([sampleAdmission(3, { from: c })])

    const entries = yield* store.read(mailbox, 0, 10)
    assert.deepStrictEqual(entries.map(({ seq }) => seq), [1, 2, 3])
    assert.strictEqual(entries[1]?.text, `"envelope 2.0"`)
    assert.lengthOf(yield* store.read({ mesh, device: a }, 0, 10), 1)
  }),
  "puts an envelope into a log as often as it names the device": Effect.gen(function*() {
    yield* founded
    const store = yield* LogStore
    const [outcome] = yield* store.admit([sampleAdmission(1, { to: [b, a, b] })])
    const placed = [{ device: b, seq: 1 }, { device: a, seq: 1 }, { device: b, seq: 2 }]
    assert.deepStrictEqual(outcome, { type: "admitted", placed })
    yield* store.admit([sampleAdmission(2)])
    const entries = yield* store.read(mailbox, 0, 10)
    assert.deepStrictEqual(entries.map(({ seq }) => seq), [1, 2, 3])
  }),
  "gives a retry the first answer again, and takes the next attempt": Effect.gen(function*() {
    yield* founded
    const store = yield* LogStore
    const outcomes = yield* store.admit([sampleAdmission(1), sampleAdmission(1)])
    const later = yield* store.admit([sampleAdmission(1), sampleAdmission(1, { attempt: 1 })])

    assert.deepStrictEqual(outcomes.map(({ type }) => type), ["admitted", "repeated"])
    assert.deepStrictEqual(later.map(({ type }) => type), ["repeated", "admitted"])
    assert.lengthOf(yield* store.read(mailbox, 0, 10), 2)
  }),
  "takes any number that an attempt may have, beside another in the batch": Effect.gen(function*() {
    yield* founded
    const store = yield* LogStore
    const attempt = Number.MAX_SAFE_INTEGER
    const batch = [sampleAdmission(1), sampleAdmission(1, { attempt })]
    const outcomes = [...yield* store.admit(batch), ...yield* store.admit(batch)]
    const expected = ["admitted", "admitted", "repeated", "repeated"]
    assert.deepStrictEqual(outcomes.map(({ type }) => type), expected)
  }),
  "refuses an id for other content, whatever the attempt, but not another device's": Effect.gen(
    function*() {
      yield* founded
      const store = yield* LogStore
      const commit = "B".repeat(43)
      const outcomes = yield* store.admit([
        sampleAdmission(1),
        sampleAdmission(1, { commit }),
        sampleAdmission(1, { commit, attempt: 1 }),
        sampleAdmission(1, { commit, from: c })
      ])
      const expected = ["admitted", "id_reused", "id_reused", "admitted"]
      assert.deepStrictEqual(outcomes.map(({ type }) => type), expected)
    }
  ),
  "admits nothing of a device or to a device that has ended, and writes no part of it": Effect.gen(
    function*() {
      yield* founded
      yield* revokedB
      const store = yield* LogStore
      const outcomes = yield* store.admit([
        sampleAdmission(1, { from: b, to: [a] }),
        sampleAdmission(2, { to: [a, b] }),
        sampleAdmission(3, { to: [a] })
      ])
      const expected = ["revoked_sender", "unknown_recipient", "admitted"]
      assert.deepStrictEqual(outcomes.map(({ type }) => type), expected)
      assert.lengthOf(yield* store.read({ mesh, device: a }, 0, 10), 1)
      const again = yield* store.admit([sampleAdmission(2, { to: [a] })])
      assert.strictEqual(again[0]?.type, "admitted")
    }
  ),
  "reads a page after a number": Effect.gen(function*() {
    yield* founded
    const store = yield* LogStore
    yield* store.admit([1, 2, 3, 4].map((number) => sampleAdmission(number)))
    const page = yield* store.read(mailbox, 1, 2)
    assert.deepStrictEqual(page.map(({ seq }) => seq), [2, 3])
  }),
  "counts attachments of a device over all its meshes": Effect.gen(function*() {
    yield* founded
    const other = sampleMesh("n")
    yield* MembershipStore.use((store) => store.append(sampleFounding(other, b)))
    const store = yield* LogStore
    const one = yield* store.attach(mailbox)
    const two = yield* store.attach({ mesh: other, device: b })
    const three = yield* store.attach(mailbox)
    assert.deepStrictEqual([one, two, three].map((attached) => attached?.epoch), [1, 2, 3])
    assert.isUndefined(yield* store.attach({ mesh: other, device: a }))
  }),
  "tells a device its end and the highest number it has used": Effect.gen(function*() {
    yield* founded
    const store = yield* LogStore
    yield* store.admit([sampleAdmission(5), sampleAdmission(9, { to: [b, c] })])
    assert.deepInclude(yield* store.attach({ mesh, device: a }), { sseqFloor: 9, end: 0 })
    assert.deepInclude(yield* store.attach(mailbox), { sseqFloor: 0, end: 2, acked: 0 })
  }),
  "drops what has expired, and gives its number to nothing else": Effect.gen(function*() {
    yield* founded
    const store = yield* LogStore
    yield* store.admit([sampleAdmission(1, { ttl: 10 }), sampleAdmission(2)])
    const now = SAMPLE_AT + 20
    const swept = yield* store.sweep({ now, dedupesBefore: 0, rowsMax: 10 })
    yield* store.admit([sampleAdmission(3)])

    assert.deepStrictEqual(swept, { entries: 1, dedupes: 0 })
    const left = yield* store.read(mailbox, 0, 10)
    assert.deepStrictEqual(left.map(({ seq }) => seq), [2, 3])
  }),
  "remembers what it admitted until told to forget": Effect.gen(function*() {
    yield* founded
    const store = yield* LogStore
    yield* store.admit([sampleAdmission(1), sampleAdmission(2, { now: SAMPLE_AT + 10 })])
    const swept = yield* store.sweep({ now: 0, dedupesBefore: SAMPLE_AT + 5, rowsMax: 10 })
    const again = yield* store.admit([sampleAdmission(2)])
    assert.deepStrictEqual(swept, { entries: 0, dedupes: 1 })
    assert.strictEqual(again[0]?.type, "repeated")
  })
}

/** The rules of `MembershipStore`. */
const membershipStore: Rules = {
  "keeps statements in order, and hands them out in pages": Effect.gen(function*() {
    yield* founded
    yield* revokedB
    const store = yield* MembershipStore
    const [first, second] = [sampleStatement(mesh, 1), sampleStatement(mesh, 2)]
    assert.deepStrictEqual(yield* store.read(mesh, 0, 10), [first, second])
    assert.deepStrictEqual(yield* store.read(mesh, 1, 10), [second])
    assert.deepStrictEqual(yield* store.read(mesh, 0, 1), [first])
  }),
  "takes only what follows its head, and otherwise stays as it is": Effect.gen(function*() {
    const store = yield* MembershipStore
    assert.isTrue(yield* founded)
    assert.isFalse(yield* founded)
    assert.isFalse(yield* store.append(change({ seq: 1, hash: "other" }, {})))
    assert.isFalse(yield* store.append(change({ seq: 2, hash: "2" }, {})))
    assert.isTrue(yield* revokedB)
    assert.isFalse(yield* revokedB)
    assert.lengthOf(yield* store.read(mesh, 0, 10), 2)
  }),
  "finds the mesh of an invite, which no other mesh can take over": Effect.gen(function*() {
    const store = yield* MembershipStore
    yield* store.append({ ...sampleFounding(mesh, a), invitesAdded: [invite] })
    yield* store.append({ ...sampleFounding(sampleMesh("n"), b), invitesAdded: [invite] })
    assert.strictEqual(yield* store.meshOfInvite(invite), mesh)
    const unknown = InviteId.make(`i_${"j".repeat(26)}`)
    assert.isUndefined(yield* store.meshOfInvite(unknown))
  })
}

/** The rules of `PrekeyStore`. */
const prekeyStore: Rules = {
  "keeps the one that was put last": Effect.gen(function*() {
    yield* founded
    const store = yield* PrekeyStore
    yield* store.put(prekey("x"))
    yield* store.put(prekey("y"))
    assert.deepStrictEqual(yield* store.get(mesh, [a, b, b]), [prekey("y")])
  }),
  "hands out none of a device that has ended, or of another mesh": Effect.gen(function*() {
    yield* founded
    const store = yield* PrekeyStore
    yield* store.put(prekey("x"))
    assert.lengthOf(yield* store.get(sampleMesh("n"), [b]), 0)
    yield* revokedB
    assert.lengthOf(yield* store.get(mesh, [b]), 0)
  })
}

const ports = {
  LogStore: { ...logStore, ...unreadRules },
  MembershipStore: membershipStore,
  PrekeyStore: prekeyStore
}
