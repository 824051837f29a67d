import { assert, describe, it } from "@effect/vitest"
import { isArrived } from "./arrived.ts"
import { MessageState } from "./messages.ts"

describe("isArrived", () => {
  it("holds from the inbox on, also for what waits there for a human, and not for what has ended", () => {
    assert.deepStrictEqual(MessageState.literals.filter(isArrived), [
      "inboxed",
      "held",
      "surfaced",
      "in_context",
      "answered"
    ])
  })
})
