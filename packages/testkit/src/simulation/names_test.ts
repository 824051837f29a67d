import { assert, describe, it } from "@effect/vitest"
import { messageId, Names } from "./names.ts"
import { scenario } from "./scenario.ts"
import { meshOf } from "./world.ts"

const plan = scenario({ steps: [] })

describe("Names", () => {
  it("calls a device by its member, and by its mesh if there are several", () => {
    const { device } = [...meshOf(plan, 0).members.values()][1] ?? {}
    assert.strictEqual(new Names(plan).device(device ?? ""), "m1")
    assert.strictEqual(new Names({ ...plan, meshes: 2 }).device(device ?? ""), "m1/0")
    assert.strictEqual(new Names(plan).device("d_unknown"), "d_unknown")
  })

  it("calls a message by its place among the sends, and all others in turn", () => {
    const names = new Names(plan)
    assert.deepStrictEqual(
      [messageId(12), "01a", "01b", "01a"].map((id) => names.message(id)),
      ["#12", "r0", "r1", "r0"]
    )
  })

  it.each([
    [`{"type":"send","ref":3,"envelope":{"header":{"id":"${messageId(0)}"}}}`, "send #0 ref 3"],
    ["{\"type\":\"push\",\"epoch\":1,\"seq\":2}", "push seq 2 epoch 1"],
    ["{\"type\":\"refused\",\"code\":\"fenced\"}", "refused fenced"],
    ["{\"type\":\"ack\",\"upto\":1,", "ack upto 1 (cut short)"],
    ["{\"ty", "4 bytes that are no frame"]
  ])("says %s in a few words", (text, words) => {
    assert.strictEqual(new Names(plan).frame(text), words)
  })
})
