/**
 * Asks a question in lines: for a plain terminal, and for who has it read aloud.
 *
 * @module
 */
import { Effect, Option, Stdio, Stream } from "effect"
import { EndedWith, EXIT } from "../cli/failure.ts"
import { Output } from "../cli/output.ts"
import { safeLine } from "../cli/terminal_text.ts"
import type { Question } from "./flow.ts"
import { TypedLine } from "./typed_line.ts"

/** What was answered: a choice for its number. Who leaves ends the verb as by Ctrl-C. */
export const askInLines = Effect.fn("askInLines")(function*(question: Question) {
  yield* writeError(textOfQuestion(question))
  const line = yield* yield* TypedLine
  if (Option.isNone(line)) {
    yield* (yield* Output).note("Nothing was started.")
    return yield* new EndedWith({ exit: EXIT.interrupted })
  }
  return answerOf(question, line.value)
})

/** The question with its choices below it, and at last where the answer is typed. */
export function textOfQuestion({ choices = [], otherwise = "", title }: Question): string {
  const numbered = choices.map(({ label, value }, at) =>
    `  ${at + 1}  ${safeLine(label)}${value === otherwise ? "  (enter)" : ""}\n`
  )
  const standard = choices.length === 0 && otherwise !== "" ? ` [${safeLine(otherwise)}]` : ""
  return choices.length === 0
    ? `${safeLine(title)}${standard}: `
    : `${safeLine(title)}\n${numbered.join("")}Number or name: `
}

/** The answer that a line stands for. */
export function answerOf({ choices = [], otherwise = "" }: Question, line: string): string {
  const typed = line.trim()
  if (typed === "") return otherwise
  return choices.find(({ value }) => value === typed)?.value ??
    choices[Number(typed) - 1]?.value ?? typed
}

function writeError(text: string) {
  return Stdio.Stdio.use((stdio) =>
    Stream.make(text).pipe(Stream.run(stdio.stderr({ endOnDone: false })), Effect.ignore)
  )
}
