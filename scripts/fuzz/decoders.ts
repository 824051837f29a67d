/**
 * Reads broken texts with every decoder of the protocol, and prints a line for each.
 *
 * @module
 */
import { type Campaign, campaign, decoders } from "@claudemesh/testkit/fuzz"

/** Which cases of which decoders. */
export interface DecoderFuzz {
  readonly from: number
  readonly cases: number
  /** A part of a decoder's name. */
  readonly only: string
}

/** Answers with how many decoders broke a promise. */
export function fuzzDecoders({ cases, from, only }: DecoderFuzz): number {
  const asked = decoders.filter(({ name }) => name.includes(only))
  let broken = 0
  for (const decoder of asked) {
    const result = campaign(decoder, { from, cases, now: () => performance.now() })
    console.log(lineOf(result))
    if (result.broken !== undefined) broken++
  }
  console.log(`${asked.length} decoders, ${asked.length * cases} cases, ${broken} broken`)
  return broken
}

function lineOf({ broken, decoder, outcomes, slowest, slowestMillis }: Campaign): string {
  if (broken === undefined) {
    const answers = [...outcomes].toSorted(([, one], [, other]) => other - one)
      .map(([answer, count]) => `${count} ${answer}`)
    return `${decoder}: ${answers.join(", ")}; slowest ${slowestMillis.toFixed(1)} ms (${slowest})`
  }
  return [
    `${decoder}: BROKEN by case ${broken.number}: ${broken.reason}`,
    `  the least that breaks it: ${JSON.stringify(broken.shrunk)}`,
    `  the case: ${JSON.stringify(broken.text).slice(0, 2_000)}`,
    `  again: npm run fuzz -- --only '${decoder}' --from ${broken.number} --cases 1`
  ].join("\n")
}
