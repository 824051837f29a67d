import { assert, describe, it } from "@effect/vitest"
import type { History } from "../history.ts"
import { told } from "../testing/told.ts"
import { makeIsLost, makeIsUnknown } from "./forgetting.ts"
import { messagesOf } from "./messages.ts"

function judged(history: History) {
  const [message] = messagesOf(history).values()
  assert.isDefined(message)
  return { isLost: makeIsLost(history)(message), isUnknown: makeIsUnknown(history)(message) }
}

const accepted = told("accepted", 5)
const admitted = told("admitted", 6)
const forgot = told("forgot", 8, { device: "a", since: 3 })

describe("what a sender forgot", () => {
  it("is lost where no broker had it", () => {
    assert.deepStrictEqual(judged([accepted, forgot]), { isLost: true, isUnknown: true })
    const late = told("admitted", 9)
    assert.deepStrictEqual(judged([accepted, forgot, late]), { isLost: true, isUnknown: true })
  })

  it("is only unknown to it where a broker had it", () => {
    const history = [accepted, admitted, forgot]
    assert.deepStrictEqual(judged(history), { isLost: false, isUnknown: true })
  })

  it("is lost where the broker forgot it, too", () => {
    const history = [accepted, admitted, forgot, told("store_lost", 9)]
    assert.deepStrictEqual(judged(history), { isLost: true, isUnknown: true })
  })

  it("is neither what was in the copy, nor what came later, nor what another one forgot", () => {
    for (const since of [6, 9]) {
      const other = told("forgot", since === 6 ? 8 : 4, { device: "a", since })
      assert.deepStrictEqual(judged([accepted, other]), { isLost: false, isUnknown: false })
    }
    assert.deepStrictEqual(judged([accepted, told("forgot", 8)]), {
      isLost: false,
      isUnknown: false
    })
  })
})
