/**
 * Breaks what others send on purpose, and says who minds: `npm run fuzz -- --cases N [--from NUMBER] [--only NAME]` for
 * the decoders of the protocol, `npm run fuzz -- --runs N [--from NUMBER]` for a broker with hostile connections and a
 * daemon with a hostile broker.
 *
 * Number 7 is the same for ever, so what is printed of a failure is all it takes to see it again.
 *
 * @module
 */
import { parseArgs } from "node:util"
import { fuzzDecoders } from "./fuzz/decoders.ts"
import { fuzzRuns } from "./fuzz/runs.ts"

/** What every decoder is to have read before a change is taken. */
const CASES = "100000"

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: CASES },
    runs: { type: "string" },
    from: { type: "string", default: "0" },
    only: { type: "string", default: "" }
  }
})
const from = wholeNumber("--from", values.from)
const broken = values.runs === undefined
  ? fuzzDecoders({ from, cases: wholeNumber("--cases", values.cases), only: values.only })
  : await fuzzRuns({ from, runs: wholeNumber("--runs", values.runs) })
if (broken > 0) process.exitCode = 1

function wholeNumber(option: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`Cannot take "${text}" for ${option}: a whole number works`)
  process.exit(2)
}
