/**
 * Reads the command line before the parser does: which verb it names, and what JSON it asks for.
 *
 * People type `--json name,state`; the parser takes an optional value only as `--json=name,state`. The next
 * word is joined if it is made only of field names of that very verb, so that no other word is swallowed.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
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

/** Why the fields cannot be chosen that were asked for; nothing if they can. */
export function refusedFields(invocation: Invocation): Refused | undefined {
  const names = invocation.json?.fields ?? "all"
  return typeof names === "string" ? undefined : refusedNames(invocation, names)
}

/** The same for a word after `--json` that was no name of a field, and then was one word too many. */
export function refusedWord(
  invocation: Invocation,
  words: ReadonlyArray<string>
): Refused | undefined {
  const { argv } = invocation
  const word = words.find((word) => argv[argv.indexOf(word) - 1] === "--json")
  return word === undefined ? undefined : refusedNames(invocation, word.split(","))
}

function refusedNames({ fields, path }: Invocation, names: ReadonlyArray<string>) {
  const unknown = names.filter((name) => !fields.includes(name))
  if (unknown.length === 0) return undefined
  const named = unknown.map((name) => `"${name}"`).join(", ")
  const message = `Cannot choose the fields ${named}: ${path.join(" ")} has no such`
  return refused("usage", message, { candidates: fields })
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
