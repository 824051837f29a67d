import { assert, describe, it } from "@effect/vitest"
import { CliError } from "effect/cli"
import { errorTable, isErrorCode, refused } from "@claudemesh/protocol/errors"
import { EndedWith, exitOf, failureOfBug, failureOfRefused, failureOfUsage } from "./failure.ts"

const DOCUMENTED = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 70, 130])

describe("exitOf", () => {
  it.each(Object.keys(errorTable).filter(isErrorCode))("is documented for %s", (code) => {
    const failure = failureOfRefused(refused(code, "no"))

    assert.isTrue(DOCUMENTED.has(exitOf(failure)))
    assert.isAbove(exitOf(failure), 0)
  })
})

describe("failureOfRefused", () => {
  it("adds the hint of the table, and what would have been understood", () => {
    const error = refused("ambiguous_name", "Cannot send to \"b\"", { candidates: ["bo", "ben"] })
    assert.deepStrictEqual(failureOfRefused(error), {
      code: "ambiguous_name",
      message: "Cannot send to \"b\"",
      hint: "Say which one",
      retryable: false,
      candidates: ["bo", "ben"]
    })
  })

  it("says how long to wait", () => {
    assert.strictEqual(
      failureOfRefused(refused("rate_limited", "no", { retry_after_ms: 9 })).retry_after_ms,
      9
    )
  })
})

describe("failureOfUsage", () => {
  const path = ["claudemesh", "send"]

  it("is one line, with what was meant", () => {
    const error = new CliError.UnrecognizedOption({
      option: "--sbject",
      suggestions: ["--subject"]
    })
    const { candidates, code, hint, message } = failureOfUsage([error], path)

    assert.strictEqual(code, "usage")
    assert.strictEqual(message, "Unrecognized flag: --sbject")
    assert.deepStrictEqual(candidates, ["--subject"])
    assert.strictEqual(hint, "See claudemesh send --help")
  })

  it("explains the dash to whoever sends a text that begins with one", () => {
    const error = new CliError.UnrecognizedOption({ option: "-1", suggestions: [] })
    assert.match(failureOfUsage([error], path).hint, /put -- before text/)
  })
})

describe("failureOfBug", () => {
  it("names the file that helps", () => {
    assert.include(failureOfBug("boom", "log/crash.txt").hint, "log/crash.txt")
    assert.strictEqual(exitOf(failureOfBug("boom", undefined)), 70)
  })
})

describe("EndedWith", () => {
  it("says its code", () => {
    assert.strictEqual(new EndedWith({ exit: 7 }).message, "Ended with 7")
  })
})
