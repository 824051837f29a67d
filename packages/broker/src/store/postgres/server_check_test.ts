import { assert, describe, it } from "@effect/vitest"
import { SqlError } from "effect/sql"
import { refusalOf, unfitness } from "./server_check.ts"
import { connectionError, serverError } from "./testing/sql_errors.ts"

const FIT = { major: 15, encoding: "UTF8", is_standby: false }

describe("unfitness", () => {
  it("finds nothing wrong with a server that will do", () => {
    assert.isUndefined(unfitness(FIT))
  })

  it("says of an old one, a standby, and one of another encoding what is wrong", () => {
    assert.include(unfitness({ ...FIT, major: 13 }), "version 13")
    assert.include(unfitness({ ...FIT, is_standby: true }), "standby")
    assert.include(unfitness({ ...FIT, encoding: "LATIN1" }), "LATIN1")
  })
})

describe("refusalOf", () => {
  it("tells a server that is away from one that lets nobody in, and from a database that will not do", () => {
    const cause = new Error("password authentication failed")
    const denied = new SqlError.SqlError({ reason: new SqlError.AuthenticationError({ cause }) })
    const codes = [
      connectionError(),
      serverError("57P03"),
      serverError("55P03", "canceling statement due to lock timeout"),
      denied,
      serverError("3D000", "database \"x\" does not exist")
    ].map((error) => refusalOf(error, "postgres://db/x").code)

    const away = Array.from({ length: 3 }, () => "database_unreachable")
    assert.deepStrictEqual(codes, [...away, "database_denied", "database_unusable"])
    assert.strictEqual(
      refusalOf(denied, "postgres://db/x").message,
      "Cannot use the database postgres://db/x: password authentication failed"
    )
  })
})
