import type { Envelope } from "@claudemesh/protocol"
import { makeMesh, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { accepted } from "../testing/accepted.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerReceiving, receive, unopenable } from "../testing/receiving.ts"
import { dueRows, outboxStates } from "../testing/rows.ts"
import { admitAll } from "../testing/under_way.ts"
import { Inbox } from "./inbox.ts"

const made = makeMesh("receive-order", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = identityOf(made, "bob")
const ada = identityOf(made, "ada")
const daemon = layerReceiving(made, "bob")

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
        unopenable(made, "ada", letter({ sseq: 2, after: 1 })),
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

      yield* receive(unopenable(made, "ada", receipts))

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
