import { assert, describe, it } from "@effect/vitest"
import { hookCallOf } from "./server.ts"

describe("hookCallOf", () => {
  it("keeps what is text and known", () => {
    assert.deepStrictEqual(hookCallOf({ event: "Stop", prompt: 1, agent_id: "", other: "x" }), {
      event: "Stop",
      agent_id: ""
    })
  })

  it("takes nothing for no event", () => {
    assert.deepStrictEqual(hookCallOf(), { event: "" })
  })
})
