/**
 * Log lines as whoever looks at a terminal reads them: of a failure that is foreseen, what it says.
 *
 * A stack tells where something failed, which helps with a bug alone. So a bug keeps its stack, and of every
 * other failure it is there with `--log-level debug`.
 *
 * @module
 */
import { Array, Cause, Logger, LogLevel, Predicate, References } from "effect"

/** One line for each entry, in logfmt. */
export const briefLog: Logger.Logger<unknown, string> = Logger.make((options) =>
  Logger.formatLogFmt.log(isVerbose(options) ? options : brief(options))
)

function isVerbose({ fiber }: Logger.Options<unknown>): boolean {
  return LogLevel.isLessThanOrEqualTo(fiber.getRef(References.MinimumLogLevel), "Debug")
}

/** The entry, with the words of each foreseen failure behind its own. */
function brief(options: Logger.Options<unknown>): Logger.Options<unknown> {
  const { cause, message } = options
  const words = Array.ensure(message).map((part) => isForeseen(part) ? part.message : part)
  const foreseen = cause.reasons.flatMap((reason) => {
    const error = failureOf(reason)
    return isForeseen(error) ? [error.message] : []
  })
  const [first, ...rest] = [...words, ...foreseen]
  return {
    ...options,
    message: words.every(Predicate.isString) ? [first, ...rest].join(": ") : [first, ...rest],
    cause: Cause.fromReasons(cause.reasons.filter((reason) => !isForeseen(failureOf(reason))))
  }
}

function failureOf(reason: Cause.Reason<unknown>): unknown {
  if (Cause.isFailReason(reason)) return reason.error
  return Cause.isDieReason(reason) ? reason.defect : undefined
}

/** What somebody thought of has a tag, also where nobody could act on it and it became a defect. */
function isForeseen(error: unknown): error is Error {
  return Predicate.isError(error) && Predicate.hasProperty(error, "_tag")
}
