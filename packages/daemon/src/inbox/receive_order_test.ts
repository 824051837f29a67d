import { type Envelope, type Push } from "@claudemesh/protocol"
import {
  layerSeededRandom,
  makeMesh,
  messageIdOf,
  resigned,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { accepted } from "../testing/accepted.ts"
import { attachmentOn, makeFakeConnection } from "../testing/fake_connection.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { dueRows, outboxStates } from "../testing/rows.ts"
import { admitAll } from "../testing/under_way.ts"
import { Inbox } from "./inbox.ts"
import { Receiver } from "./receive.ts"

const made = makeMesh("receive-order", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = identityOf(made, "bob")
const ada = identityOf(made, "ada")
const daemon = Receiver.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "bob")),
  Layer.provide(layerSeededRandom("receive-order"))
)

/** What a letter of ada's says of its place in the stream to bob. */
interface Place {
  readonly sseq: number
  readonly after?: number
  readonly ended?: number
}

/** A letter whose id and text are its number. */
function letter(place: Place): Envelope {
  return sealBetween(made, { from: "ada", to: ["bob"], text: `${place.sseq}` }, {
    draft: { id: messageIdOf(place.sseq), to: [{ device: bob.deviceId, ...place }] }
  })
}

/** The same under another prekey than any that bob has. */
function unopenable(envelope: Envelope): Envelope {
  const [wrap] = envelope.wraps
  return wrap === undefined
    ? envelope
    : resigned(made, "ada", { ...envelope, wraps: [{ ...wrap, prekey: otherPrekey(wrap.prekey) }] })
}

function otherPrekey<Id extends string>(id: Id): Id {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has the same form
  return (id.slice(0, -1) + (id.endsWith("a") ? "b" : "a")) as Id
}

function receive(...envelopes: ReadonlyArray<Envelope>) {
  const pushes = envelopes.map((envelope, at): Push => ({
    type: "push",
    log: bob.deviceId,
    epoch: 1,
    seq: at + 1,
    envelope
  }))
  const attachment = attachmentOn(makeFakeConnection(), bob)
  return Receiver.use((receiver) => receiver.receive(attachment, pushes))
}

const shown = Inbox.use(({ list }) =>
  Effect.map(
    list({ mesh, unread: false, limit: 100 }),
    (rows) => rows.map(({ missingBefore, text }) => [text, missingBefore])
  )
)

describe("Receiver.receive, in order", () => {
  it.effect("refuses for now what would overtake another, and takes both once that has come", () =>
    Effect.gen(function*() {
      yield* receive(
        letter({ sseq: 1 }),
        unopenable(letter({ sseq: 2, after: 1 })),
        letter({ sseq: 3, after: 2 })
      )
      assert.deepStrictEqual(yield* shown, [["1", 0]])
      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "inboxed", reason: null },
        { id: messageIdOf(2), stage: "rejected", reason: "reseal" },
        { id: messageIdOf(3), stage: "rejected", reason: "out_of_order" }
      ])

      yield* receive(letter({ sseq: 2, after: 1 }), letter({ sseq: 3, after: 2 }))

      assert.deepStrictEqual(yield* shown, [["1", 0], ["2", 0], ["3", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("shows before a message how many have ended on their way", () =>
    Effect.gen(function*() {
      yield* receive(letter({ sseq: 1 }), letter({ sseq: 4, ended: 2 }))

      assert.deepStrictEqual(yield* shown, [["1", 0], ["4", 2]])
    }).pipe(Effect.provide(daemon)))

  it.effect("takes nothing late that the next one has told to have ended", () =>
    Effect.gen(function*() {
      yield* receive(letter({ sseq: 2, ended: 1 }), letter({ sseq: 1 }))

      assert.deepStrictEqual(yield* shown, [["2", 1]])
      assert.deepInclude(yield* dueRows, {
        id: messageIdOf(1),
        stage: "rejected",
        reason: "replayed"
      })
    }).pipe(Effect.provide(daemon)))
})

describe("Receiver.receive, receipts that cannot be opened", () => {
  const receipts = sealBetween(made, { from: "ada", to: ["bob"], text: "{\"receipts\":[]}" }, {
    draft: { class: "receipt", id: messageIdOf(1_000) }
  })

  it.effect("asks again by the messages that they may have been about, and owes no receipt", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [ada.deviceId] })
      yield* admitAll

      yield* receive(unopenable(receipts))

      assert.deepStrictEqual(yield* outboxStates, [["pending", 1]])
      assert.deepStrictEqual(yield* dueRows, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("does not do so for what ada may not have signed", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [ada.deviceId] })
      yield* admitAll

      yield* receive({ ...receipts, sig: letter({ sseq: 1 }).sig })

      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0]])
      assert.deepStrictEqual(yield* dueRows, [])
    }).pipe(Effect.provide(daemon)))
})
