/**
 * A failure as people and programs read it, and the exit code it ends with.
 *
 * @module
 */
import { Predicate, Schema } from "effect"
import type { CliError } from "effect/cli"
import { type ErrorCode, errorTable, Refused } from "@claudemesh/protocol/errors"

/** Exit codes that no error of the table has. */
export const EXIT = { done: 0, bug: 70, interrupted: 130 } as const

/** What is said of a failure. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly retryable: boolean
  /** What would have been understood. */
  readonly candidates?: ReadonlyArray<string>
  readonly retry_after_ms?: number
}

/** The failure that a refusal is. */
export function failureOfRefused(error: Refused): Failure {
  const { candidates, code, hint, message, retry_after_ms, retryable } = error
  return {
    code,
    message,
    hint,
    retryable,
    ...(candidates !== undefined && { candidates }),
    ...(retry_after_ms !== undefined && { retry_after_ms })
  }
}

/** The failure that a wrong command line is. */
export function failureOfUsage(
  errors: ReadonlyArray<CliError.NonShowHelpErrors>,
  commandPath: ReadonlyArray<string>
): Failure {
  const message = errors.map(({ message }) => message.split("\n")[0]).join("; ")
  const candidates = errors.flatMap((error) => "suggestions" in error ? error.suggestions : [])
  return {
    code: "usage",
    message,
    hint: `See ${commandPath.join(" ")} --help${
      startsWithDash(errors) ? "; put -- before text that begins with -" : ""
    }`,
    retryable: false,
    ...(candidates.length > 0 && { candidates })
  }
}

/** The failure that a bug is; the file holds what a person who mends it needs. */
export function failureOfBug(defect: unknown, file: string | undefined): Failure {
  const why = Predicate.isError(defect) ? defect.message : String(defect)
  return {
    code: "internal",
    message: `claudemesh has a bug: ${why}`,
    hint: file === undefined
      ? "Report it, with what you typed"
      : `Report it, with the file ${file}`,
    retryable: false
  }
}

/** The exit code of a failure. */
export function exitOf({ code }: Failure): number {
  return errorTable[code].exit
}

/** A short option that is none is often text that begins with a dash. */
function startsWithDash(errors: ReadonlyArray<CliError.NonShowHelpErrors>): boolean {
  return errors.some((error) =>
    error._tag === "UnrecognizedOption" && !error.option.startsWith("--")
  )
}

/** The verb has said what there is to say, and ends with this exit code. */
export class EndedWith extends Schema.TaggedError<EndedWith>()("EndedWith", { exit: Schema.Int }) {
  override get message(): string {
    return `Ended with ${this.exit}`
  }
}
