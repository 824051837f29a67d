import { assert, describe, it } from "@effect/vitest"
import { capabilitiesText, readCapabilities } from "./capabilities.ts"

describe("readCapabilities", () => {
  it.each([
    ["dm,read", ["dm", "read"]],
    [" DM , read ", ["dm", "read"]],
    ["all", null],
    [" All", null],
    ["all,dm", ["all", "dm"]],
    ["fly,,dm", ["fly", "", "dm"]],
    ["", [""]]
  ])("reads \"%s\", and leaves it to others whether those are capabilities", (text, read) => {
    assert.deepStrictEqual(readCapabilities(text), read)
  })
})

describe("capabilitiesText", () => {
  it.each([[["dm", "read"]], [null]])("is read back as the same: %j", (capabilities) => {
    assert.deepStrictEqual(readCapabilities(capabilitiesText(capabilities)), capabilities)
  })
})
