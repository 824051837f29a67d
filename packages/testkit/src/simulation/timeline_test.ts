import { assert, describe, it } from "@effect/vitest"
import { makeChance } from "./chance.ts"
import { Timeline } from "./timeline.ts"

function makeTimeline(seed = "time") {
  return new Timeline(makeChance(seed))
}

function runAll(timeline: Timeline, until = 1_000) {
  while (timeline.step(until));
}

describe("Timeline", () => {
  it("lets things happen in the order of their times, at their times", () => {
    const timeline = makeTimeline()
    const happened: Array<number> = []
    for (const millis of [50, 10, 30, 20, 40]) {
      timeline.after(millis, () => happened.push(timeline.now))
    }
    runAll(timeline)
    assert.deepStrictEqual(happened, [10, 20, 30, 40, 50])
  })

  it("lets happen what was only added on the way", () => {
    const timeline = makeTimeline()
    const happened: Array<number> = []
    timeline.after(10, () => timeline.after(5, () => happened.push(timeline.now)))
    runAll(timeline)
    assert.deepStrictEqual(happened, [15])
  })

  it("draws the order of what is due at one instant", () => {
    const orders = Array.from({ length: 50 }, (_, seed) => {
      const timeline = makeTimeline(`${seed}`)
      const happened: Array<string> = []
      for (const name of ["a", "b", "c"]) timeline.after(10, () => happened.push(name))
      runAll(timeline)
      return happened.join("")
    })
    assert.lengthOf(new Set(orders), 6)
  })

  it("goes no further than it is asked to, and there even if nothing happens", () => {
    const timeline = makeTimeline()
    timeline.after(100, () => undefined)
    assert.isFalse(timeline.step(60))
    assert.strictEqual(timeline.now, 60)
    assert.strictEqual(timeline.nextAt, 100)
    assert.isTrue(timeline.step(100))
    assert.isUndefined(timeline.nextAt)
  })

  it("lets nothing happen that was taken back", () => {
    const timeline = makeTimeline()
    const cancel = timeline.after(10, () => assert.fail("it was taken back"))
    cancel()
    runAll(timeline)
    assert.isUndefined(timeline.nextAt)
  })

  it("lets what is overdue happen next", () => {
    const timeline = makeTimeline()
    timeline.step(50)
    const happened: Array<number> = []
    timeline.after(-10, () => happened.push(timeline.now))
    runAll(timeline)
    assert.deepStrictEqual(happened, [50])
  })
})
