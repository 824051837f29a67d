import { assert, describe, it } from "@effect/vitest"
import { envelopeVectors } from "./envelope_vectors.ts"

describe("envelopeVectors", () => {
  it("show every verdict but that on what is too large for any frame", () => {
    const refusals = envelopeVectors.make().vectors.map(({ expect }) => expect.refused)

    assert.includeMembers(refusals, [
      "bad_signature",
      "commit_mismatch",
      "head_moved",
      "malformed",
      "membership_fork",
      "not_addressed",
      "reseal",
      "revoked_sender",
      "undecryptable",
      "unknown_sender",
      "wrong_mesh"
    ])
  })
})
