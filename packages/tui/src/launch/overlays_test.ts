import { refused } from "@claudemesh/protocol/errors"
import { assert, describe, it } from "@effect/vitest"
import { interrupted, overlayOf, settled } from "./overlays.ts"

const down = overlayOf(refused("daemon_not_running", "No daemon"))
const none = overlayOf(refused("no_mesh", "No mesh"))
const old = overlayOf(refused("invite_expired", "The invite has expired"))

describe("overlayOf", () => {
  it("starts the daemon without a question", () => {
    assert.deepInclude(down ?? {}, { id: "daemon_down", remedy: "start_daemon" })
    assert.notProperty(down ?? {}, "question")
  })

  it("asks for a link where there is no mesh, and proposes to make one", () => {
    assert.include(none?.question?.title, "Enter alone makes a mesh")
    assert.strictEqual(none?.question?.otherwise, "")
    assert.strictEqual(none?.remedy, "take_link_or_begin")
  })

  it("asks for another link in the place of one that is of no use", () => {
    assert.deepInclude(old ?? {}, { says: "The invite has expired", remedy: "take_link" })
    assert.notProperty(old?.question ?? {}, "otherwise")
  })

  it("knows nothing that helps against the rest", () => {
    assert.isUndefined(overlayOf(refused("broker_unreachable", "Nothing answers")))
  })
})

describe("interrupted", () => {
  it("puts the latest on top, and each kind once", () => {
    if (down === undefined || old === undefined) throw new Error("there are none")
    const stack = interrupted(interrupted(interrupted([], old), down), old)

    assert.deepStrictEqual(stack.map(({ id }) => id), ["daemon_down", "invite_unusable"])
    assert.deepStrictEqual(settled(stack), [down])
  })
})
