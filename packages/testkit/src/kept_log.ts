/**
 * Keeps what is logged instead of printing it: a test can say that nothing is alarming, and that there is little of it.
 *
 * @module
 */
import { Cause, type Layer, Logger, type LogLevel } from "effect"

/** One line. */
export interface LogLine {
  readonly level: LogLevel.LogLevel
  readonly text: string
}

/** What was logged so far. */
export interface KeptLog {
  readonly lines: ReadonlyArray<LogLine>
  /** What somebody would have to look into. */
  readonly alarms: () => ReadonlyArray<string>
  /** Takes the place of the other loggers. */
  readonly layer: Layer.Layer<never>
}

/** Begins with nothing. */
export function keepLog(): KeptLog {
  const lines: Array<LogLine> = []
  const logger = Logger.make<unknown, void>(({ cause, logLevel, message }) => {
    const why = cause.reasons.length === 0 ? "" : `: ${Cause.pretty(cause)}`
    lines.push({ level: logLevel, text: `${String(message)}${why}` })
  })
  function alarms(): ReadonlyArray<string> {
    return lines.flatMap(({ level, text }) => (ALARMING.has(level) ? [text] : []))
  }
  return { lines, alarms, layer: Logger.layer([logger]) }
}

const ALARMING: ReadonlySet<LogLevel.LogLevel> = new Set(["Error", "Fatal"])
