import { assert, describe, it } from "@effect/vitest"
import { machineNames } from "./machine_names.ts"

describe("machineNames", () => {
  it("names this machine", () => {
    assert.isNotEmpty(machineNames().hostName)
  })
})
