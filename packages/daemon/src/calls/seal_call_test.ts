import { limits, openEnvelope } from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import { layerSeededRandom, makeMesh, memberOf, openContextOf, prekeyOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { makeSealCall } from "./seal_call.ts"

const made = makeMesh("seal-call", ["ada", "bob"])
const address = {
  mesh: made.membership.mesh,
  device: memberOf(made, "bob").device,
  prekey: prekeyOf(made, "bob"),
  ttl: limits.callMillisMax
}
const daemon = Layer.provideMerge(layerMadeDaemon(made, "ada"), layerSeededRandom("seal-call"))

describe("makeSealCall", () => {
  it.effect("seals a call that only its device opens, under a new id and the next number", () =>
    Effect.gen(function*() {
      const seal = yield* makeSealCall

      const [first, second] = [
        yield* seal(address, { method: "ping" }),
        yield* seal(address, { method: "ping" })
      ]

      const opened = Result.getOrThrow(openEnvelope(second, openContextOf(made, "bob")))
      assert.strictEqual(fromUtf8(opened.content), `{"method":"ping"}`)
      assert.strictEqual(opened.addressee.sseq, 2)
      assert.deepInclude(second.header, { class: "rpc", ttl: limits.callMillisMax })
      assert.notStrictEqual(first.header.id, second.header.id)
    }).pipe(Effect.provide(daemon)))
})
