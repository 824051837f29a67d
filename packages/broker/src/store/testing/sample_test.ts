import { EnvelopeHeader, Statement } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { sampleAdmission, sampleMesh, sampleStatement } from "./sample.ts"

describe("samples", () => {
  it("have the form of the wire", () => {
    assert.isTrue(Schema.is(Statement)(sampleStatement(sampleMesh("m"), 1)))
    assert.isTrue(Schema.is(EnvelopeHeader)(sampleAdmission(1).header))
  })
})
