/**
 * Declares a verb: what it is for, how it is used, and what it reports.
 *
 * @module
 */
import { Command } from "effect/cli"
import { ReportFields } from "./argv.ts"

/** What every verb says of itself. */
export interface VerbFacts {
  readonly description: string
  /** At least one; the description says when one would type it. */
  readonly examples: readonly [Command.Command.Example, ...ReadonlyArray<Command.Command.Example>]
  readonly report: { readonly fields: ReadonlyArray<string> }
}

/** Gives a verb its description, its examples and the fields of its report. */
export function declared({ description, examples, report }: VerbFacts) {
  return <Name extends string, Input, ContextInput, E, R>(
    command: Command.Command<Name, Input, ContextInput, E, R>
  ) =>
    command.pipe(
      Command.withDescription(description),
      Command.withExamples(examples),
      Command.annotate(ReportFields, report.fields)
    )
}
