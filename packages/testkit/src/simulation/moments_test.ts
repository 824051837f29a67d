import { assert, describe, it } from "@effect/vitest"
import { arrivalOf, Moments } from "./moments.ts"

function makeMoments() {
  return { moments: new Moments(), happened: new Array<string>() }
}

describe("Moments", () => {
  it("lets something happen at the nth such moment, once", () => {
    const { happened, moments } = makeMoments()
    moments.await("admitted", 2, () => happened.push("second"))
    moments.notice("admitted")
    moments.notice("inboxed")
    assert.deepStrictEqual(happened, [])
    moments.notice("admitted")
    moments.notice("admitted")
    assert.deepStrictEqual(happened, ["second"])
  })

  it("counts for each from when it began to wait", () => {
    const { happened, moments } = makeMoments()
    moments.await("admitted", 1, () => {
      happened.push("first")
      moments.await("admitted", 1, () => happened.push("next"))
    })
    moments.notice("admitted")
    assert.deepStrictEqual(happened, ["first"])
    moments.notice("admitted")
    assert.deepStrictEqual(happened, ["first", "next"])
  })

  it("lets it happen after all events of one moment", () => {
    const { happened, moments } = makeMoments()
    moments.await("admitted", 1, () => happened.push("killed"))
    moments.together(() => {
      moments.notice("admitted")
      happened.push("placed")
    })
    assert.deepStrictEqual(happened, ["placed", "killed"])
  })

  it("forgets what nobody is to wait for any more", () => {
    const { happened, moments } = makeMoments()
    moments.await("admitted", 1, () => happened.push("too late"))
    moments.forget()
    moments.notice("admitted")
    assert.deepStrictEqual(happened, [])
  })
})

describe("arrivalOf", () => {
  it("names a frame by its type, and one that is none by nothing", () => {
    assert.strictEqual(arrivalOf("{\"type\":\"ack\",\"upto\":1}"), "frame ack")
    assert.strictEqual(arrivalOf("{\"ty"), "frame ")
  })
})
