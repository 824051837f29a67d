import { MessageId } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import type { AdmissionOutcome } from "../store/log_store.ts"
import { sampleDevice } from "../store/testing/sample.ts"
import { refusalOf } from "./admission_refusals.ts"

const id = MessageId.make("019b7600-0000-7000-8000-000000000001")

describe("refusalOf", () => {
  it("is nothing for what is in the log", () => {
    assert.isUndefined(refusalOf({ type: "admitted", placed: [] }, id))
    assert.isUndefined(refusalOf({ type: "repeated" }, id))
  })

  it("names the message, and the device that is not there", () => {
    const device = sampleDevice("b")
    const unknown = refusalOf({ type: "unknown_recipient", device }, id)
    assert.include(unknown?.message, id)
    assert.include(unknown?.message, device)
    assert.strictEqual(refusalOf({ type: "id_reused" }, id)?.code, "id_reused")
    assert.strictEqual(refusalOf({ type: "revoked_sender" }, id)?.code, "revoked_device")
    assert.strictEqual(refusalOf({ type: "fenced" }, id)?.code, "fenced")
  })

  it("is `quota` for whatever is full, and says what", () => {
    const device = sampleDevice("b")
    const full: ReadonlyArray<AdmissionOutcome> = [
      { type: "mailbox_full", device },
      { type: "sender_full" },
      { type: "mesh_full" }
    ]
    const refusals = full.map((outcome) => refusalOf(outcome, id))
    for (const refusal of refusals) assert.strictEqual(refusal?.code, "quota")
    assert.lengthOf(new Set(refusals.map((refusal) => refusal?.message)), 3)
    assert.include(refusals[0]?.message, device)
  })
})
