import { assert, describe, it } from "@effect/vitest"
import { broker, machine, once, send, sends } from "./steps.ts"

describe("steps", () => {
  it("send from the first machine to the second, unless they say otherwise", () => {
    assert.deepStrictEqual(send(5), { at: 5, act: "send", from: 0, to: 1, mesh: 0, size: 20 })
    assert.deepInclude(send(5, { from: 1, to: 2 }), { from: 1, to: 2 })
  })

  it("send several right after one another", () => {
    assert.deepStrictEqual(sends(5, 3).map(({ at }) => at), [5, 6, 7])
  })

  it("wait for a moment from the beginning on", () => {
    const does = { act: "cut", machine: 0 } as const
    assert.deepStrictEqual(once("admitted", does, 2), {
      at: 0,
      act: "once",
      moment: "admitted",
      nth: 2,
      does
    })
  })

  it("name machines and brokers by their numbers", () => {
    assert.deepStrictEqual([machine(1), broker(0)], [
      { kind: "machine", number: 1 },
      { kind: "broker", number: 0 }
    ])
  })
})
