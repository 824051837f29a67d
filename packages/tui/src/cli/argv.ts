/**
 * Reads the command line before the parser does: which verb it names, and what JSON it asks for.
 *
 * People type `--json name,state`; the parser takes an optional value only as `--json=name,state`. The next
 * word is joined if it is made only of field names of that very verb, so that no other word is swallowed.
 *
 * @module
 */
import { Context } from "effect"
import type { Command } from "effect/cli"

/** The fields of a verb's report; set where the verb is declared. */
export class ReportFields extends Context.Reference<ReadonlyArray<string>>(
  "@claudemesh/tui/cli/argv/ReportFields",
  { defaultValue: () => [] }
) {}

/** What was asked for with `--json`: all fields, the names of the fields (`--json=?`), or some fields. */
export interface JsonRequest {
  readonly fields: "all" | "names" | ReadonlyArray<string>
}

/** A command line, read. */
export interface Invocation {
  readonly argv: ReadonlyArray<string>
  /** The words that name the verb, from the executable on. */
  readonly path: ReadonlyArray<string>
  /** What the verb can report. */
  readonly fields: ReadonlyArray<string>
  readonly json: JsonRequest | undefined
}

/** Global flags that take the word after them. */
const FLAGS_WITH_VALUE = new Set(["--mesh", "-m", "--log-level", "--completions"])

/** Reads a command line against the tree of verbs. */
export function readArgv(root: Command.Command.Any, words: ReadonlyArray<string>): Invocation {
  const end = words.indexOf("--")
  const head = end === -1 ? words : words.slice(0, end)
  const commands = commandsNamed(root, head)
  const fields = Context.get(commands.at(-1)?.annotations ?? root.annotations, ReportFields)
  const joined = joinFields(head, fields)
  return {
    argv: [...joined, ...words.slice(head.length)],
    path: commands.map(({ name }) => name),
    fields,
    json: jsonRequest(joined)
  }
}

/** Fields that the verb does not have. */
export function unknownFields({ fields, json }: Invocation): ReadonlyArray<string> {
  if (json === undefined || typeof json.fields === "string") return []
  return json.fields.filter((field) => !fields.includes(field))
}

function commandsNamed(
  root: Command.Command.Any,
  words: ReadonlyArray<string>
): ReadonlyArray<Command.Command.Any> {
  const path = [root]
  let last = root
  for (const [at, word] of words.entries()) {
    const previous = words[at - 1] ?? ""
    if (word.startsWith("-") || FLAGS_WITH_VALUE.has(previous)) continue
    const found = subcommand(last, word)
    if (found === undefined && previous === "--json") continue
    if (found === undefined) break
    path.push(found)
    last = found
  }
  return path
}

function subcommand(command: Command.Command.Any, word: string) {
  return command.subcommands
    .flatMap(({ commands }) => commands)
    .find(({ alias, name }) => name === word || alias === word)
}

function joinFields(
  words: ReadonlyArray<string>,
  fields: ReadonlyArray<string>
): ReadonlyArray<string> {
  return words.flatMap((word, at) => {
    if (word === "--json" && areFields(words[at + 1], fields)) return [`--json=${words[at + 1]}`]
    return words[at - 1] === "--json" && areFields(word, fields) ? [] : [word]
  })
}

function areFields(word: string | undefined, fields: ReadonlyArray<string>): boolean {
  return word !== undefined && word.split(",").every((part) => fields.includes(part))
}

function jsonRequest(words: ReadonlyArray<string>): JsonRequest | undefined {
  const last = words.findLast((word) => word === "--json" || word.startsWith("--json="))
  if (last === undefined) return undefined
  if (last === "--json") return { fields: "all" }
  return { fields: last === "--json=?" ? "names" : last.slice("--json=".length).split(",") }
}
