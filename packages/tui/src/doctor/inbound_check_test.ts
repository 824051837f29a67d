import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { inbound, inboundFinding } from "./inbound_check.ts"
import { machine } from "./testing/fake_machine.ts"

describe("inbound", () => {
  it.effect("is skipped where the client has no settings", () =>
    Effect.gen(function*() {
      const [finding] = yield* Effect.provide(inbound, machine())
      assert.strictEqual(finding?.status, "skipped")
    }))
})

describe("inboundFinding", () => {
  it("warns where messages are held or refused, and repairs nothing of it", () => {
    for (const set of ["hold", "refuse"]) {
      const finding = inboundFinding(
        "/c/settings.json",
        JSON.stringify({ crossSessionInbound: set })
      )

      assert.strictEqual(finding.status, "warning")
      assert.include(finding.says, "messages will wait")
      assert.isUndefined(finding.repair)
    }
  })

  it("is well with other settings, and warns of what is no JSON", () => {
    assert.strictEqual(inboundFinding("/c", "{\"model\":\"opus\"}").status, "ok")
    assert.strictEqual(inboundFinding("/c", "{").status, "warning")
  })
})
