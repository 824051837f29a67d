import { MessageId, type Receipt } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Queue } from "effect"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { Calls, type Question } from "./calls.ts"

const made = makeMesh("calls", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("calls"))
const ours = { id: messageIdOf(1), device: bob, commit: "A".repeat(43) }

function receipt(more: Partial<Receipt>): Receipt {
  const { commit, id } = ours
  return { id, commit, stage: "rejected", reason: "rate_limited", at: 0, sig: "", ...more }
}

function question(number: number): Question {
  return { mesh, from: bob, id: messageIdOf(number) }
}

describe("Calls.expect", () => {
  it.effect("fails with the verdict of the device that was asked, on the words it was asked", () =>
    Effect.gen(function*() {
      const { expect, rejected } = yield* Calls
      const waiting = yield* Effect.forkChild(
        Effect.scoped(Effect.flatMap(expect(ours), Effect.flip))
      )
      yield* Effect.yieldNow

      yield* rejected(memberOf(made, "ada").device, receipt({}))
      yield* rejected(bob, receipt({ commit: "B".repeat(43) }))
      yield* rejected(bob, receipt({ stage: "inboxed" }))
      yield* rejected(bob, receipt({ id: MessageId.make(messageIdOf(2)) }))
      assert.isUndefined(waiting.pollUnsafe())

      yield* rejected(bob, receipt({}))
      assert.strictEqual((yield* Fiber.join(waiting)).code, "rate_limited")
    }).pipe(Effect.provide(daemon)))
})

describe("Calls.questions", () => {
  it.effect("holds so many, and drops what is more", () =>
    Effect.gen(function*() {
      const { act, questions } = yield* Calls
      const queue = yield* questions(mesh)
      for (let number = 1; number <= 100; number++) yield* act({ question: question(number) })

      const held = yield* Queue.clear(queue)

      assert.lengthOf(held, 64)
      assert.strictEqual(held[0]?.id, messageIdOf(1))
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("keeps nothing for a mesh that nobody answers in", () =>
    Effect.gen(function*() {
      const { act, questions } = yield* Calls
      yield* act({ question: question(1) })

      assert.lengthOf(yield* Queue.clear(yield* questions(mesh)), 0)
    }).pipe(Effect.scoped, Effect.provide(daemon)))
})
