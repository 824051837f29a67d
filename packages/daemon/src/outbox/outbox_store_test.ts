import { MeshId } from "@claudemesh/protocol"
import { utf8 } from "@claudemesh/protocol/crypto"
import { layerSeededRandom, MADE_AT, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { makeOutboxStore } from "./outbox_store.ts"

const made = makeMesh("store", ["ada", "bob"])
const bob = memberOf(made, "bob").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("store"))

describe("makeOutboxStore", () => {
  it.effect("reads a message back as it was accepted", () =>
    Effect.gen(function*() {
      const { message, recipients, steps } = yield* makeOutboxStore
      const { id, mesh } = yield* accepted({
        to: [bob],
        text: "Grüße",
        meta: { priority: "now", subject: "hello" }
      })

      assert.deepInclude(Option.getOrThrow(yield* message(mesh, id)), {
        class: "dm",
        meta: { priority: "now", subject: "hello" },
        content: utf8("Grüße"),
        acceptedAt: MADE_AT,
        ttl: 60_000,
        attempt: 0,
        state: "pending",
        reason: null
      })
      assert.deepStrictEqual(yield* recipients(mesh, id), [
        { id, device: bob, session: null, sseq: null, state: "queued", reason: null }
      ])
      assert.deepStrictEqual(yield* steps(mesh, id), [{
        device: bob,
        state: "queued",
        at: MADE_AT
      }])
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps meshes apart", () =>
    Effect.gen(function*() {
      const { message, open, recipients } = yield* makeOutboxStore
      const { id } = yield* accepted({ to: [bob] })
      const other = MeshId.make(`m_${"a".repeat(26)}`)

      assert.isTrue(Option.isNone(yield* message(other, id)))
      assert.deepStrictEqual(yield* recipients(other, id), [])
      assert.strictEqual(yield* open(other), 0)
    }).pipe(Effect.provide(daemon)))
})
