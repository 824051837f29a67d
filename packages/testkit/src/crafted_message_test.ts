import { openEnvelope } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { craftEnvelope } from "./crafted_message.ts"
import { makeMesh } from "./made_mesh.ts"
import { openContextOf } from "./made_message.ts"
import { outcomeOf } from "./outcome.ts"

const mesh = makeMesh("crafted", ["ada", "bob"])
const letter = { from: "ada", to: ["bob"], text: "hello" }

describe("craftEnvelope", () => {
  it("makes an envelope that opens where nothing is changed", () => {
    const opened = openEnvelope(craftEnvelope(mesh, letter), openContextOf(mesh, "bob"))

    assert.strictEqual(outcomeOf(opened), "ok")
  })

  it("binds and signs what it changes, so that only a later check finds it", () => {
    const crafted = craftEnvelope(mesh, letter, { bytes: new Uint8Array(256) })

    assert.strictEqual(outcomeOf(openEnvelope(crafted, openContextOf(mesh, "bob"))), "malformed")
  })
})
