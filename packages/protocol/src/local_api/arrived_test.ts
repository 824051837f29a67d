import { assert, describe, it } from "@effect/vitest"
import { isArrived } from "./arrived.ts"
import { MessageState } from "./messages.ts"

describe("isArrived", () => {
  it("holds from the inbox on, and not for what is held back or has ended", () => {
    assert.deepStrictEqual(MessageState.literals.filter(isArrived), [
      "inboxed",
      "surfaced",
      "in_context",
      "answered"
    ])
  })
})
