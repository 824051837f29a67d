import { type Envelope, type Push, refused } from "@claudemesh/protocol"
import {
  appended,
  layerSeededRandom,
  makeMesh,
  messageIdOf,
  revocationOf,
  sealBetween,
  withJoined
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Meshes } from "../meshes/meshes.ts"
import { attachmentOn, makeFakeConnection } from "../testing/fake_connection.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { dueRows } from "../testing/rows.ts"
import { Inbox } from "./inbox.ts"
import { Receiver } from "./receive.ts"

const made = makeMesh("check-entry", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = identityOf(made, "bob")
const daemon = Receiver.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "bob")),
  Layer.provide(layerSeededRandom("check-entry"))
)
const attachment = attachmentOn(makeFakeConnection(), bob)

/** What the broker pushes: the envelope, as the first entry. */
function pushes(envelope: Envelope): ReadonlyArray<Push> {
  return [{ type: "push", log: bob.deviceId, epoch: 1, seq: 1, envelope }]
}

function receive(batch: ReadonlyArray<Push>, from = attachment) {
  return Receiver.use((receiver) => receiver.receive(from, batch))
}

const texts = Inbox.use(({ list }) =>
  Effect.map(
    list({ mesh, unread: false, limit: 100 }),
    (rows) => rows.map(({ text }) => text)
  )
)

const upto = Meshes.use(({ find }) => Effect.map(find(mesh), ({ upto }) => upto))

describe("makeCheckEntry, from somebody who was revoked", () => {
  const after = appended(made, revocationOf(made, "ada", "cy"))
  const revoked = Meshes.use(({ learn }) => learn(mesh, after.statements))
  const letter = { from: "cy", to: ["bob"], text: "hello" }

  it.effect("accepts what was said before that, though it comes after", () =>
    Effect.gen(function*() {
      yield* revoked

      yield* receive(pushes(sealBetween(made, letter)))

      assert.deepStrictEqual(yield* texts, ["hello"])
    }).pipe(Effect.provide(daemon)))

  it.effect("has a verdict for what was said after it", () =>
    Effect.gen(function*() {
      yield* revoked

      yield* receive(pushes(sealBetween(after, letter)))

      assert.lengthOf(yield* texts, 0)
      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "rejected", reason: "revoked_sender" }
      ])
    }).pipe(Effect.provide(daemon)))
})

describe("makeCheckEntry, behind in the membership log", () => {
  it.effect("reads on before it opens what a newcomer sent", () =>
    Effect.gen(function*() {
      const { find, learn } = yield* Meshes
      const grown = withJoined(made, "dan")
      const hello = sealBetween(grown, { from: "dan", to: ["bob"], text: "hello" })
      const catchUp = Effect.asVoid(learn(mesh, grown.statements))

      yield* receive(pushes(hello), { ...attachment, catchUp })

      assert.deepStrictEqual(yield* texts, ["hello"])
      assert.strictEqual((yield* find(mesh)).membership?.head.seq, grown.statements.length)
    }).pipe(Effect.provide(daemon)))

  it.effect("acknowledges nothing when it cannot read on", () =>
    Effect.gen(function*() {
      const grown = withJoined(made, "dan")
      const hello = sealBetween(grown, { from: "dan", to: ["bob"], text: "hello" })
      const catchUp = Effect.fail(refused("overloaded", "Not now"))

      const refusal = yield* Effect.flip(receive(pushes(hello), { ...attachment, catchUp }))

      assert.strictEqual(refusal.message, "Not now")
      assert.strictEqual(yield* upto, 0)
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.provide(daemon)))
})
