import { assert, describe, it } from "@effect/vitest"
import { makeChance } from "./chance.ts"
import { Lane, type LaneOptions } from "./lane.ts"
import { Timeline } from "./timeline.ts"

function makeLane(options: Partial<LaneOptions> = {}) {
  const timeline = new Timeline(makeChance("lane"))
  const arrived: Array<string> = []
  const lane = new Lane({
    timeline,
    delayMillis: () => 5,
    bytesPerMilli: () => Infinity,
    isBlocked: () => false,
    deliver: (packet) => arrived.push(packet.type === "text" ? packet.text : packet.type),
    ...options
  })
  function pass(millis: number) {
    const until = timeline.now + millis
    while (timeline.step(until));
  }
  function send(...texts: ReadonlyArray<string>) {
    for (const text of texts) lane.push({ type: "text", text })
  }
  return { lane, arrived, pass, send }
}

describe("Lane", () => {
  it("delivers after a delay", () => {
    const { arrived, pass, send } = makeLane()
    send("a")
    pass(4)
    assert.deepStrictEqual(arrived, [])
    pass(1)
    assert.deepStrictEqual(arrived, ["a"])
  })

  it("keeps the order, whatever the delays", () => {
    const delays = [50, 10, 30]
    const { arrived, pass, send } = makeLane({ delayMillis: () => delays.shift() ?? 0 })
    send("a", "b", "c")
    pass(100)
    assert.deepStrictEqual(arrived, ["a", "b", "c"])
  })

  it("takes as long as its reader takes for so many bytes", () => {
    const { arrived, pass, send } = makeLane({ bytesPerMilli: () => 2 })
    send("x".repeat(20), "y".repeat(20))
    pass(15)
    assert.lengthOf(arrived, 1)
    pass(10)
    assert.lengthOf(arrived, 2)
  })

  it("keeps what is paused, stalled or blocked until nothing is in the way", () => {
    let isBlocked = true
    const { arrived, lane, pass, send } = makeLane({ isBlocked: () => isBlocked })
    lane.pause(true)
    lane.stall(true)
    send("a")
    for (const clear of [() => lane.pause(false), () => lane.stall(false)]) {
      pass(10)
      clear()
      assert.deepStrictEqual(arrived, [])
    }
    isBlocked = false
    lane.pump()
    assert.deepStrictEqual(arrived, ["a"])
  })

  it("delivers nothing any more once it is silent", () => {
    const { arrived, lane, pass, send } = makeLane()
    send("a")
    lane.silence()
    send("b")
    pass(100)
    assert.deepStrictEqual(arrived, [])
  })

  it("loses what is under way from some place on", () => {
    const { arrived, lane, pass, send } = makeLane()
    send("a", "b", "c")
    assert.strictEqual(lane.underWay, 3)
    lane.loseAfter(1)
    pass(100)
    assert.deepStrictEqual(arrived, ["a"])
  })

  it("counts what waits beyond what two systems keep for it", () => {
    const { lane, pass, send } = makeLane()
    send("x".repeat(60_000))
    assert.strictEqual(lane.bufferedBytes, 0)
    send("x".repeat(60_000))
    assert.strictEqual(lane.bufferedBytes, 120_000 - 65_536)
    pass(100)
    assert.strictEqual(lane.bufferedBytes, 0)
  })
})
