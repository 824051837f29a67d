import { refused } from "@claudemesh/protocol"
import {
  appended,
  makeMesh,
  messageIdOf,
  revocationOf,
  sealBetween,
  withJoined
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Meshes } from "../meshes/meshes.ts"
import {
  layerReceiving,
  readUpto,
  receive,
  receiveOver,
  textsReceived
} from "../testing/receiving.ts"
import { dueRows } from "../testing/rows.ts"

const made = makeMesh("check-entry", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const daemon = layerReceiving(made, "bob")

describe("makeCheckEntry, from somebody who was revoked", () => {
  const after = appended(made, revocationOf(made, "ada", "cy"))
  const revoked = Meshes.use(({ learn }) => learn(mesh, after.statements))
  const letter = { from: "cy", to: ["bob"], text: "hello" }

  it.effect("accepts what was said before that, though it comes after", () =>
    Effect.gen(function*() {
      yield* revoked

      yield* receive(sealBetween(made, letter))

      assert.deepStrictEqual(yield* textsReceived, ["hello"])
    }).pipe(Effect.provide(daemon)))

  it.effect("has a verdict for what was said after it", () =>
    Effect.gen(function*() {
      yield* revoked

      yield* receive(sealBetween(after, letter))

      assert.lengthOf(yield* textsReceived, 0)
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

      yield* receiveOver({ catchUp }, [hello])

      assert.deepStrictEqual(yield* textsReceived, ["hello"])
      assert.strictEqual((yield* find(mesh)).membership?.head.seq, grown.statements.length)
    }).pipe(Effect.provide(daemon)))

  it.effect("acknowledges nothing when it cannot read on", () =>
    Effect.gen(function*() {
      const grown = withJoined(made, "dan")
      const hello = sealBetween(grown, { from: "dan", to: ["bob"], text: "hello" })
      const catchUp = Effect.fail(refused("overloaded", "Not now"))

      const refusal = yield* Effect.flip(receiveOver({ catchUp }, [hello]))

      assert.strictEqual(refusal.message, "Not now")
      assert.strictEqual(yield* readUpto, 0)
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.provide(daemon)))
})
