import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { type ApiRequest, readRequest } from "./api_request.ts"
import { makeGates } from "./gates.ts"

function mainRequest(number: number): ApiRequest {
  const head = { method: "POST", path: "/v1/messages", headers: {}, text: "" }
  return { ...readRequest(head), kind: "main", number, arrivedMillis: 0 }
}

describe("Gates", () => {
  it.effect("hold the request they stand before until they are opened, and no other", () =>
    Effect.gen(function*() {
      const { make, pass } = makeGates()
      const gate = yield* make(1)
      const second = mainRequest(1)
      yield* pass(mainRequest(0))
      const held = yield* Effect.forkChild(pass(second))

      assert.strictEqual(yield* gate.reached, second)
      assert.isUndefined(held.pollUnsafe())
      yield* gate.open
      yield* Fiber.join(held)
    }))

  it.effect("let through what comes once they are open", () =>
    Effect.gen(function*() {
      const { make, pass } = makeGates()
      const gate = yield* make(({ number }) => number > 3)
      yield* gate.open
      yield* pass(mainRequest(4))
    }))
})
