import { openEnvelope, type Push } from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import {
  layerSeededRandom,
  makeMesh,
  memberOf,
  messageIdOf,
  openContextOf,
  prekeyOf,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import { FakeBroker } from "../testing/fake_broker.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerMadeLinks } from "../testing/made_links.ts"

const made = makeMesh("answering", ["ada", "bob", "cy"])
const ada = identityOf(made, "ada")
const daemon = layerMadeLinks(made, "ada", [prekeyOf(made, "bob")]).pipe(
  Layer.provide(layerSeededRandom("answering"))
)

/** A ping of that member, as the broker pushes it; its number is also its place in the mailbox. */
function ping(from: string, number: number): Push {
  const draft = {
    class: "rpc",
    id: messageIdOf(number),
    to: [{ device: ada.deviceId, sseq: number }]
  }
  const envelope = sealBetween(made, { from, to: ["ada"], text: `{"method":"ping"}` }, { draft })
  return { type: "push", log: ada.deviceId, epoch: 1, seq: number, envelope }
}

describe("Answering", () => {
  it.effect("answers a call by itself, so that only who asked can read it", () =>
    Effect.gen(function*() {
      const { nextOf, opened } = yield* FakeBroker
      const wire = yield* opened
      yield* nextOf("attach")

      yield* wire.say(ping("bob", 1))
      const { envelope } = yield* nextOf("send")

      assert.strictEqual(envelope.header.class, "rpc")
      assert.deepStrictEqual(envelope.header.to, [{
        device: memberOf(made, "bob").device,
        sseq: 1
      }])
      const { content } = Result.getOrThrow(openEnvelope(envelope, openContextOf(made, "bob")))
      assert.strictEqual(fromUtf8(content), `{"answers":"${messageIdOf(1)}"}`)
    }).pipe(Effect.provide(daemon)))

  it.effect("goes on where it cannot answer: who has no prekey is not waited for", () =>
    Effect.gen(function*() {
      const { nextOf, opened } = yield* FakeBroker
      const wire = yield* opened
      yield* nextOf("attach")

      yield* wire.say(ping("cy", 1))
      yield* wire.say(ping("bob", 2))
      const { envelope } = yield* nextOf("send")

      assert.strictEqual(envelope.header.to[0]?.device, memberOf(made, "bob").device)
    }).pipe(Effect.provide(daemon)))

  it.effect("goes on where the broker takes no answer", () =>
    Effect.gen(function*() {
      const { follow, nextOf, opened } = yield* FakeBroker
      const wire = yield* opened
      yield* nextOf("attach")
      yield* follow((frame) =>
        frame.type === "send"
          ? [{ type: "refused", ref: frame.ref, code: "unsupported", message: "No" }]
          : undefined
      )

      yield* wire.say(ping("bob", 1))
      yield* nextOf("send")
      yield* follow(() => undefined)
      yield* wire.say(ping("bob", 2))

      assert.strictEqual((yield* nextOf("send")).envelope.header.class, "rpc")
    }).pipe(Effect.provide(daemon)))
})
