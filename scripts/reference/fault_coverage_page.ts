/**
 * Lists the fault catalogue with the scenarios that play it.
 *
 * @module
 */
import { catalogue, type CatalogueEntry, scenarios } from "@claudemesh/testkit/simulation"
import { markdownTable } from "../markdown.ts"

const CHAPTERS = {
  P: "Processes and machines",
  N: "Network",
  D: "Storage and databases",
  A: "Signatures and keys",
  L: "Agents",
  T: "Time and limits",
  G: "Promises on their own"
}

/** The page. */
export function faultCoveragePage(): string {
  const chapters = Object.entries(CHAPTERS).map(([letter, title]) =>
    `## ${title}\n\n${markdownTable(["Entry", "Fault", "Expected", "Played as"], rowsOf(letter))}`
  )
  return `# Fault coverage

What goes wrong in the simulator, what is expected, and which scenarios play it.
\`npm run simulate -- --scenario P4 --trace\` shows one; \`docs/simulation.md\` says how to add one.
The tables are \`packages/testkit/src/simulation/scenarios/*.ts\`. Beside them, random plans mix
all of these faults, and every crash point of a small exchange is played.

${chapters.join("\n\n")}
`
}

function rowsOf(letter: string): ReadonlyArray<ReadonlyArray<string>> {
  const entries: ReadonlyArray<readonly [string, CatalogueEntry]> = Object.entries(catalogue)
  return entries.filter(([id]) => id.startsWith(letter)).map(([id, entry]) => [
    id,
    entry.fault,
    entry.expected,
    playedAs(id, entry)
  ])
}

function playedAs(id: string, { elsewhere }: CatalogueEntry): string {
  const titles = scenarios.filter(({ covers }) => covers.some((covered) => covered === id))
    .map(({ title }) => title)
  if (elsewhere === undefined) return titles.join("<br>")
  return titles.length === 0
    ? `*not here: ${elsewhere}*`
    : `${titles.join("<br>")} (*${elsewhere}*)`
}
