import { DeviceId, MemberId } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { type Candidate, resolveName } from "./resolve_name.ts"

describe("resolveName", () => {
  it.each([
    ["bob", "bob"],
    ["@bob", "bob"],
    [" BOB ", "bob"],
    ["bob@desk", "bob"],
    ["u_bbbbbb", "bob"],
    ["bbbbbb", "bob"],
    ["d_eeeeee", "bob"],
    ["cy@laptop", "cy@laptop"],
    ["phone", "cy@phone"]
  ])("finds whom %j means", (typed, name) => {
    assert.strictEqual(Result.getOrThrow(resolveName(typed, context)).name, name)
  })

  it("answers a member's name with all of the member's devices", () => {
    const { devices, name } = Result.getOrThrow(resolveName("cy", context))

    assert.strictEqual(name, "cy")
    assert.deepStrictEqual(devices.map(({ device }) => device), ["laptop", "phone"])
  })

  it("takes a member's name before a device's of another member", () => {
    const candidates = [...context.candidates, candidate("ada-2", "bob", "g")]

    const { devices } = Result.getOrThrow(resolveName("bob", { ...context, candidates }))

    assert.deepStrictEqual(devices.map(({ member }) => member), ["bob"])
  })

  it("never guesses: what could mean two members is answered with both", () => {
    const candidates = [...context.candidates, candidate("dan", "desk", "h")]

    const refusal = refusalOf("desk", candidates)

    assert.strictEqual(refusal.code, "ambiguous_name")
    assert.deepStrictEqual(refusal.candidates, ["bob@desk", "dan@desk"])
  })

  it("offers the nearest three names for one that is unknown, and never one's own", () => {
    const candidates = [...context.candidates, candidate("bobby", "x", "h")]

    const refusal = refusalOf("bop", candidates)

    assert.strictEqual(refusal.code, "unknown_name")
    assert.lengthOf(refusal.candidates ?? [], 3)
    assert.deepStrictEqual(refusal.candidates?.slice(0, 2), ["bob", "bobby"])
    assert.notInclude(refusal.candidates ?? [], "ada")
  })

  it.each([
    ["ada", "self_recipient"],
    ["ada@box", "self_recipient"],
    ["bbbbb", "unknown_name"],
    ["u_bbbbb", "unknown_name"],
    ["d_bbbbbb", "unknown_name"],
    ["", "unknown_name"],
    ["#general", "unsupported"],
    ["*", "unsupported"],
    ["all", "unsupported"]
  ])("refuses %j with %s", (typed, code) => {
    assert.strictEqual(refusalOf(typed).code, code)
  })
})

function refusalOf(typed: string, candidates = context.candidates) {
  return Result.getOrThrow(Result.flip(resolveName(typed, { ...context, candidates })))
}

function candidate(member: string, device: string, letter: string): Candidate {
  const next = String.fromCharCode(letter.charCodeAt(0) + 3)
  return {
    name: member,
    member,
    member_id: MemberId.make(`u_${letter.repeat(26)}`),
    device,
    device_id: DeviceId.make(`d_${next.repeat(26)}`),
    role: "member"
  }
}

const ada = candidate("ada", "box", "a")
const cy = { ...candidate("cy", "laptop", "c"), name: "cy@laptop" }
const context = {
  self: ada.member_id,
  candidates: [
    ada,
    candidate("bob", "desk", "b"),
    cy,
    { ...cy, device: "phone", name: "cy@phone", device_id: DeviceId.make(`d_${"k".repeat(26)}`) }
  ]
}
