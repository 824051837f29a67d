import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { Meshes } from "../meshes/meshes.ts"
import { beginAll, sign } from "../testing/under_way.ts"
import { Delivery } from "./delivery.ts"
import { makeStreamNumbers, type Numbered } from "./stream_numbers.ts"

const made = makeMesh("numbers", ["ada", "bob", "cy"])
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("numbers"))

/** Number, the one that is to come before it, and how many have ended, of each. */
function placesOf(messages: ReadonlyArray<Numbered>) {
  return messages.flatMap(({ recipients }) =>
    recipients.map(({ after, ended, sseq }) => [sseq, after, ended])
  )
}

describe("makeStreamNumbers", () => {
  it.effect("numbers each recipient's stream from one", () =>
    Effect.gen(function*() {
      const { number } = yield* makeStreamNumbers
      yield* number(yield* accepted({ to: [bob] }))

      const { recipients } = Option.getOrThrow(yield* number(yield* accepted({ to: [bob, cy] })))

      assert.strictEqual(recipients.find(({ device }) => device === bob)?.sseq, 2)
      assert.strictEqual(recipients.find(({ device }) => device === cy)?.sseq, 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("says what is still to come before each, and how many have ended", () =>
    Effect.gen(function*() {
      const { end, reject } = yield* Delivery
      const [one, two, three, four] = yield* Effect.replicateEffect(accepted({ to: [bob] }), 5)
      if (!one || !two || !three || !four) return assert.fail("nothing was accepted")
      const numbered = yield* beginAll
      assert.deepStrictEqual(placesOf(numbered), [[1, 0, 0], [2, 1, 0], [3, 2, 0], [4, 3, 0], [
        5,
        4,
        0
      ]])

      yield* sign(one, "inboxed")
      yield* reject(two, "too_large")
      yield* end(four, { state: "aborted" })
      yield* Delivery.use(({ resume }) => resume(made.membership.mesh))

      assert.deepStrictEqual(placesOf(yield* beginAll), [[3, 0, 1], [5, 3, 1]])
    }).pipe(Effect.provide(daemon)))

  it.effect("counts no number that was skipped for one that has ended", () =>
    Effect.gen(function*() {
      yield* Effect.replicateEffect(accepted({ to: [bob] }), 2)
      const [one, two] = yield* beginAll
      if (!one || !two) return assert.fail("nothing was accepted")
      yield* sign(one, "inboxed")
      yield* sign(two, "rejected", { reason: "undecryptable" })
      yield* Meshes.use(({ setStore }) =>
        setStore(made.membership.mesh, { storeEpoch: "store-1", sseqFloor: 900 })
      )
      yield* accepted({ to: [bob] })

      assert.deepStrictEqual(placesOf(yield* beginAll), [[901, 0, 1]])
    }).pipe(Effect.provide(daemon)))

  it.effect("takes a message that waits, once", () =>
    Effect.gen(function*() {
      const { number } = yield* makeStreamNumbers
      const message = yield* accepted({ to: [bob] })

      const first = yield* number(message)
      const again = yield* number(message)

      assert.strictEqual(Option.getOrThrow(first).state, "sending")
      assert.isTrue(Option.isNone(again))
    }).pipe(Effect.provide(daemon)))
})
