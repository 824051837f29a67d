/**
 * Does the repairs that are safe, once a person agrees, and looks again at what was not well.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol/errors"
import { Cause, Effect, Exit, Predicate } from "effect"
import { Output } from "../cli/output.ts"
import { isAgreed } from "../cli/verbs/install_question.ts"
import { type Check, type Checked, runChecks } from "./checks.ts"
import type { Repair } from "./finding.ts"
import { Machine } from "./machine.ts"

/** What was found after the repairs, and what was done. */
export interface Mended {
  readonly items: ReadonlyArray<Checked>
  readonly repaired: ReadonlyArray<string>
}

/** Repairs what can be, unless the person declines. */
export const mend = Effect.fn("mend")(
  function*(items: ReadonlyArray<Checked>, rows: ReadonlyArray<Check>, yes: boolean) {
    const repairs = items.flatMap(({ repair }) => repair === undefined ? [] : [repair])
    const { note } = yield* Output
    if (repairs.length === 0 || !(yes || (yield* isWanted(repairs)))) {
      yield* note(
        repairs.length === 0 ? "There is nothing that --fix repairs" : "Nothing was changed"
      )
      return { items, repaired: [] } satisfies Mended
    }
    const repaired = yield* Effect.forEach(repairs, runRepair)
    return { items: yield* lookAgain(items, rows), repaired: repaired.flat() } satisfies Mended
  }
)

const isWanted = Effect.fnUntraced(function*(repairs: ReadonlyArray<Repair>) {
  const { interactive } = yield* (yield* Output).page
  if (!interactive) {
    return yield* refused("needs_input", "Cannot ask whether to repair: give --yes")
  }
  return yield* isAgreed(repairs.map(({ does }) => `- ${does}`).join("\n"), "Do this?")
})

/** One that fails is said, and the others are done. */
const runRepair = Effect.fnUntraced(function*({ does, run }: Repair) {
  const { note } = yield* Output
  const exit = yield* Effect.exit(run)
  if (Exit.isSuccess(exit)) {
    yield* note(`repaired: ${does}`)
    return [does]
  }
  const error = Cause.squash(exit.cause)
  yield* note(`could not ${does}: ${Predicate.isError(error) ? error.message : String(error)}`)
  return []
})

/** Only the checks that found something wrong run again. */
const lookAgain = Effect.fnUntraced(
  function*(items: ReadonlyArray<Checked>, rows: ReadonlyArray<Check>) {
    const unwell = new Set(
      items.filter(({ status }) => status !== "ok").map(({ check }) => check)
    )
    const again = yield* Effect.provideService(
      runChecks(rows.filter(({ id }) => unwell.has(id))),
      Machine,
      yield* Machine.make
    )
    return rows.flatMap(({ id }) =>
      (unwell.has(id) ? again : items).filter(({ check }) => check === id)
    )
  }
)
