import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { ErrorCode, errorTable, isErrorCode, Refused, refused, RefusedOverHttp } from "./errors.ts"

const rows = Object.entries(errorTable)
const codes = Object.keys(errorTable).filter(isErrorCode)

describe("errorTable", () => {
  it.each(rows)("says of %s what would work, in a line", (_, { hint }) => {
    assert.match(hint, /^[A-Z-][^\n]{5,110}[^.\s]$/)
  })

  it.each(rows)(
    "gives %s an HTTP status of a failure and an exit code of a failure",
    (_, facts) => {
      assert.isTrue(facts.status >= 400 && facts.status <= 599)
      assert.isTrue(facts.exit >= 1 && facts.exit <= 125)
    }
  )

  it("writes codes in snake_case", () => {
    assert.deepStrictEqual(codes.filter((code) => !/^[a-z]+(_[a-z]+)*$/.test(code)), [])
  })

  it("calls what passes by itself retryable, and nothing that a person must mend", () => {
    const retryable = codes.filter((code) => errorTable[code].retryable)

    assert.includeMembers(retryable, ["rate_limited", "overloaded", "shutting_down", "reseal"])
    assert.notIncludeMembers(retryable, ["bad_signature", "id_reused", "revoked_device"])
  })
})

describe("isErrorCode", () => {
  it.each(["toString", "constructor", "__proto__", "hasOwnProperty", "", "Malformed"])(
    "refuses %j, which is no row",
    (text) => {
      assert.isFalse(isErrorCode(text))
      assert.isFalse(Schema.is(ErrorCode)(text))
    }
  )
})

describe("Refused", () => {
  it("takes its hint and its retryability from the table", () => {
    const error = refused("rate_limited", "Cannot send now", { retry_after_ms: 500 })

    assert.strictEqual(error.hint, errorTable.rate_limited.hint)
    assert.isTrue(error.retryable)
    assert.strictEqual(error.message, "Cannot send now")
  })

  it.each(codes)("comes back from JSON as it was: %s", (code) => {
    const error = refused(code, `Cannot do "${code}"`, { candidates: ["a"], retry_after_ms: 1 })

    const json = JSON.stringify(Schema.encodeUnknownResult(Refused)(error).pipe(Result.getOrThrow))
    const again = Schema.decodeUnknownResult(Refused)(JSON.parse(json)).pipe(Result.getOrThrow)

    const { code: codeAgain, candidates, message, retry_after_ms } = again
    assert.deepStrictEqual(
      { code: codeAgain, message, candidates, retry_after_ms },
      { code, message: `Cannot do "${code}"`, candidates: ["a"], retry_after_ms: 1 }
    )
    assert.strictEqual(again.hint, error.hint)
  })
})

describe("RefusedOverHttp", () => {
  it.each(codes)("has one schema that takes %s, and it has the status of the table", (code) => {
    const error = refused(code, "Cannot do it")

    const fitting = RefusedOverHttp.filter((schema) =>
      Result.isSuccess(Schema.encodeUnknownResult(schema)(error))
    )

    assert.lengthOf(fitting, 1)
    const status = fitting[0] && Schema.resolveAnnotations(fitting[0])?.["httpApiStatus"]
    assert.strictEqual(status, errorTable[code].status)
  })
})
