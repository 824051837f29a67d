/**
 * Puts our status line into the text of Claude Code's settings, around the one that is there, and takes it
 * out again.
 *
 * Only one value is written: the command of the status line that is there, or a new status line.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Option, Result, Schema } from "effect"
import { objectIn, valueIn, withoutMember, withValue } from "./json_text.ts"
import { type Executable, quoted } from "./plugin_files.ts"

const KEY = "statusLine"

/** What we wrote into settings: our command, and the text of the one that was there before. */
export const StatusLineEntry = Schema.Struct({
  ours: Schema.String,
  theirs: Schema.optionalKey(Schema.String)
})
export type StatusLineEntry = typeof StatusLineEntry.Type

/** Settings with our status line in them. */
export interface Wrapped {
  readonly text: string
  readonly entry: StatusLineEntry
}

const CommandLine = Schema.Struct({ type: Schema.Literal("command"), command: Schema.String })
const readCommandLine = Schema.decodeUnknownOption(CommandLine)
const readText = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.String))

/** The settings with our status line; absent ones become a file. */
export function wrapStatusLine(
  path: string,
  text: string | undefined,
  executable: Executable
): Result.Result<Wrapped, Refused> {
  const alone = commandLine(executable)
  if (text === undefined) return Result.succeed(added("{}\n", alone))
  const settings = Option.getOrUndefined(objectIn(text))
  if (settings === undefined) return notPlain(path, "it is no plain JSON object", alone)
  const there = settings[KEY]
  if (there === undefined) return Result.succeed(added(text, alone))
  const line = Option.getOrUndefined(readCommandLine(there))
  const value = valueIn(text, KEY) ?? ""
  const theirs = valueIn(value, "command")
  if (line === undefined || theirs === undefined || Option.isNone(objectIn(value))) {
    return notPlain(path, "its statusLine is no command that could be wrapped", alone)
  }
  const ours = `${alone} --wrap ${quoted(line.command)}`
  const wrapped = withValue(value, "command", JSON.stringify(ours))
  return Result.succeed({ text: withValue(text, KEY, wrapped), entry: { ours, theirs } })
}

/** Why settings stay as they are in which not every byte is one of a text. */
export function notUtf8(path: string, executable: Executable): Result.Result<never, Refused> {
  return notPlain(path, "it is not in UTF-8", commandLine(executable))
}

/** The settings without our status line; as they are, where it is not there any more. */
export function unwrapStatusLine(text: string, { ours, theirs }: StatusLineEntry): string {
  const settings = Option.getOrUndefined(objectIn(text))
  const value = valueIn(text, KEY)
  if (settings === undefined || value === undefined || Option.isNone(objectIn(value))) return text
  const command = Option.getOrUndefined(readText(valueIn(value, "command")))
  if (command !== ours) return text
  return theirs === undefined
    ? withoutMember(text, KEY)
    : withValue(text, KEY, withValue(value, "command", theirs))
}

function added(text: string, ours: string): Wrapped {
  return { text: withValue(text, KEY, newLine(ours)), entry: { ours } }
}

function newLine(command: string): string {
  return `{ "type": "command", "command": ${JSON.stringify(command)}, "refreshInterval": 1 }`
}

function commandLine({ args, program }: Executable): string {
  return [program, ...args].map(quoted).concat("statusline").join(" ")
}

function notPlain(path: string, why: string, command: string): Result.Result<never, Refused> {
  const message = `Cannot edit "${path}": ${why}. To add: "${KEY}": ${newLine(command)}`
  return Result.fail(refused("settings_not_plain", message))
}
