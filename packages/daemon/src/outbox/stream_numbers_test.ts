import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { makeStreamNumbers } from "./stream_numbers.ts"

const made = makeMesh("numbers", ["ada", "bob", "cy"])
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("numbers"))

describe("makeStreamNumbers", () => {
  it.effect("numbers each recipient's stream from one", () =>
    Effect.gen(function*() {
      const { number } = yield* makeStreamNumbers
      yield* number(yield* accepted({ to: [bob] }))

      const { recipients } = Option.getOrThrow(yield* number(yield* accepted({ to: [bob, cy] })))

      assert.strictEqual(recipients.find(({ device }) => device === bob)?.sseq, 2)
      assert.strictEqual(recipients.find(({ device }) => device === cy)?.sseq, 1)
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
