/**
 * Reads the command line before the parser does: which verb it names, and what JSON it asks for.
 *
 * People type `--json name,state`; the parser takes an optional value only as `--json=name,state`. The next
 * word is joined if it names a field of that very verb, or if the verb has its arguments already: then it can
 * only be a field that was mistyped. Any other word is an argument, and is left alone.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Context } from "effect"
import { type Command, Completions } from "effect/cli"
import { launchWords } from "../launch/command_line.ts"

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
export function readArgv(root: Command.Command.Any, typed: ReadonlyArray<string>): Invocation {
  const words = launchWords(typed)
  const end = words.indexOf("--")
  const head = end === -1 ? words : words.slice(0, end)
  const path = commandsNamed(root, head)
  const verb = path.at(-1)?.command ?? root
  const fields = Context.get(verb.annotations, ReportFields)
  const named = head.map((word, at) => !path.some((one) => one.at === at) && word)
  const joined = joinFields(head, (at) => isForJson({ verb, fields, words: named }, at))
  return {
    argv: [...joined, ...words.slice(head.length)],
    path: path.map(({ command }) => command.name),
    fields,
    json: jsonRequest(joined)
  }
}

/** Why the fields cannot be chosen that were asked for; nothing if they can. */
export function refusedFields(invocation: Invocation): Refused | undefined {
  const names = invocation.json?.fields ?? "all"
  return typeof names === "string" ? undefined : refusedNames(invocation, names)
}

function refusedNames({ fields, path }: Invocation, names: ReadonlyArray<string>) {
  const unknown = names.filter((name) => !fields.includes(name))
  if (unknown.length === 0) return undefined
  const named = unknown.map((name) => `"${name}"`).join(", ")
  const message = `Cannot choose the fields ${named}: ${path.join(" ")} has no such`
  return refused("usage", message, { candidates: fields })
}

/** A command that is named, and by which word; the root is by none. */
interface NamedCommand {
  readonly command: Command.Command.Any
  readonly at: number
}

function commandsNamed(
  root: Command.Command.Any,
  words: ReadonlyArray<string>
): ReadonlyArray<NamedCommand> {
  const path = [{ command: root, at: -1 }]
  let last = root
  for (const [at, word] of words.entries()) {
    const previous = words[at - 1] ?? ""
    if (word.startsWith("-") || FLAGS_WITH_VALUE.has(previous)) continue
    const found = subcommand(last, word)
    if (found === undefined && previous === "--json") continue
    if (found === undefined) break
    path.push({ command: found, at })
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
  isJoined: (at: number) => boolean
): ReadonlyArray<string> {
  return words.flatMap((word, at) => {
    if (word === "--json" && isJoined(at + 1)) return [`--json=${words[at + 1]}`]
    return words[at - 1] === "--json" && isJoined(at) ? [] : [word]
  })
}

/** What a verb is given, without the words that name it. */
interface Given {
  readonly verb: Command.Command.Any
  readonly fields: ReadonlyArray<string>
  readonly words: ReadonlyArray<string | false>
}

/** Whether the word after `--json` says which fields, be it wrongly. */
function isForJson({ fields, verb, words }: Given, at: number): boolean {
  const word = words[at]
  if (word === undefined || word === false || isFlag(word)) return false
  if (word.split(",").some((part) => fields.includes(part))) return true
  return fields.length > 0 && isComplete(verb, words.slice(0, at))
}

/** Whether the verb has all its arguments; of one that takes many, one is enough. */
function isComplete(verb: Command.Command.Any, words: ReadonlyArray<string | false>): boolean {
  const { arguments: wanted, flags } = Completions.fromCommand(verb)
  const withValue = new Set(
    flags
      .filter(({ optionalValue, type }) => type._tag !== "Boolean" && !optionalValue)
      .flatMap(({ aliases, name }) => [`--${name}`].concat(aliases.map((alias) => `-${alias}`)))
  ).union(FLAGS_WITH_VALUE)
  const given = words.filter((word, at) => {
    const previous = words[at - 1]
    return word !== false && !isFlag(word) && !(previous && withValue.has(previous))
  })
  return given.length >= wanted.length
}

/** A dash alone stands for stdin. */
function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-"
}

function jsonRequest(words: ReadonlyArray<string>): JsonRequest | undefined {
  const last = words.findLast((word) => word === "--json" || word.startsWith("--json="))
  if (last === undefined) return undefined
  if (last === "--json") return { fields: "all" }
  return { fields: last === "--json=?" ? "names" : last.slice("--json=".length).split(",") }
}
