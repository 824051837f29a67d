import { assert, describe, it } from "@effect/vitest"
import { judgeInbound } from "./inbound_check.ts"

function judge(crossSessionInbound?: unknown) {
  return judgeInbound({ crossSessionInbound }, (why) => ({ cmd: "edit", why }))
}

describe("judgeInbound", () => {
  it("warns where messages are held or refused, and repairs nothing of it", () => {
    for (const set of ["hold", "refuse"]) {
      const finding = judge(set)

      assert.strictEqual(finding.status, "warning")
      assert.include(finding.says, "messages will wait")
      assert.isUndefined(finding.repair)
    }
  })

  it("is well with other settings", () => {
    for (const set of [undefined, "deliver", 7]) assert.strictEqual(judge(set).status, "ok")
  })
})
