import { assert, describe, it } from "@effect/vitest"
import { statementVectors } from "./statement_vectors.ts"

describe("statementVectors", () => {
  it("show every refusal that a log can give to a statement", () => {
    const refusals = statementVectors.make().vectors.map(({ expect }) => expect.refused)

    assert.includeMembers(refusals, [
      "already_member",
      "bad_signature",
      "bad_statement",
      "head_moved",
      "invite_exhausted",
      "invite_expired",
      "invite_not_found",
      "invite_revoked",
      "last_admin",
      "name_taken",
      "not_permitted",
      "unknown_device",
      "unknown_recipient",
      "wrong_mesh"
    ])
  })
})
