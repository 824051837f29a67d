/**
 * Fills the steps of a launch: with what is known first, then by asking, and refuses where it may not ask.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, Result } from "effect"
import { EndedWith, EXIT } from "../cli/failure.ts"
import { Output } from "../cli/output.ts"
import {
  type Answers,
  asked,
  filled,
  guessed,
  type LaunchState,
  nextStep,
  recalled,
  type Step
} from "./flow.ts"
import { askInLines } from "./line_question.ts"

/** What is known, and whether there is somebody to ask. */
export interface Known {
  /** Of this command line. */
  readonly given: Answers
  /** Of another day. */
  readonly saved: Answers
  /** What our questions are answered with their standard answer by. */
  readonly yes: boolean
  readonly mayAsk: boolean
}

/** The state with every step complete. */
export const interview = Effect.fn("interview")(function*(start: LaunchState, known: Known) {
  const told = yield* Effect.fromResult(filled(start, known.given))
  let state = guessed(recalled(told, known.saved))
  for (let step = nextStep(state); step !== undefined; step = nextStep(state)) {
    state = yield* answerStep(state, { step, known })
  }
  if (state.answers.confirm !== "no") return state
  yield* (yield* Output).note("Nothing was started.")
  return yield* new EndedWith({ exit: EXIT.interrupted })
})

const answerStep = Effect.fnUntraced(function*(
  state: LaunchState,
  { known, step }: { readonly step: Step; readonly known: Known }
) {
  const question = step.show(state)
  if (known.yes && question.otherwise !== undefined) {
    return yield* Effect.fromResult(step.fill(state, question.otherwise))
  }
  if (!known.mayAsk) return yield* cannotAsk(state, step)
  const answer = yield* askInLines(question)
  const result = step.fill(asked(state, step.id), answer)
  if (Result.isSuccess(result)) return result.success
  // It is asked again.
  yield* (yield* Output).note(`${result.failure.message}. ${result.failure.hint}.`)
  return state
})

function cannotAsk(state: LaunchState, step: Step): Effect.Effect<never, Refused> {
  const { choices = [], title } = step.show(state)
  const message = `Cannot ask "${title}" here: give ${step.flag}`
  const candidates = choices.map(({ value }) => value)
  return Effect.fail(
    refused("needs_input", message, candidates.length > 0 ? { candidates } : {})
  )
}
