/**
 * The plugin by which Claude Code knows claudemesh: the files of its folder, computed.
 *
 * A folder of that shape under the client's `skills` directory is loaded with the next session, without
 * a flag and without a change to any file of the client's (`claude_code.md` §5). Most hooks are calls to
 * the push pipe, which answers within milliseconds; `SessionStart` comes before the pipe is connected and is
 * a command.
 *
 * @module
 */
import { HOOK_EVENTS, HOOK_FIELDS } from "../mcp/hook_call.ts"

/** How to run `claudemesh`: a program and what comes before the verb, by absolute paths. */
export interface Executable {
  readonly program: string
  readonly args: ReadonlyArray<string>
}

/** What the plugin is made of. */
export interface PluginParts {
  readonly version: string
  readonly executable: Executable
  /** The skill's text, computed from the verbs. */
  readonly skill: string
  /** Whether a monitor is to wake the agent where nothing else does; the client shows each one at all times. */
  readonly monitor?: boolean
}

/** The plugin's name, and the name of the server in it: so hooks name the server. */
export const PLUGIN_NAME = "claudemesh"
const SERVER = `plugin:${PLUGIN_NAME}:${PLUGIN_NAME}`

/** Seconds after which the client goes on without an answer. */
const HOOK_SECONDS_MAX = 5

/** A hook that waits to wake the agent is ended by the client after a day; the next turn's end starts another. */
const WAIT_SECONDS_MAX = 86_400

/** The files, by their paths in the plugin's folder. */
export function pluginFiles(
  { executable, monitor = false, skill, version }: PluginParts
): ReadonlyMap<string, string> {
  return new Map([
    [
      ".claude-plugin/plugin.json",
      json({
        name: PLUGIN_NAME,
        version,
        description: "Messages between agents and people on many machines, end-to-end encrypted"
      })
    ],
    [
      ".mcp.json",
      json({
        mcpServers: {
          [PLUGIN_NAME]: { command: executable.program, args: pipeArguments(executable) }
        }
      })
    ],
    ["hooks/hooks.json", json({ hooks: hooks(executable) })],
    ...(monitor ? [[MONITORS_FILE, json(monitors(executable))] as const] : []),
    [`skills/${PLUGIN_NAME}/SKILL.md`, skill]
  ])
}

/** Clients from 2.1.310 on read it; older ones pass over it. */
export const MONITORS_FILE = "monitors/monitors.json"

function monitors(executable: Executable) {
  return [{
    name: PLUGIN_NAME,
    description: "messages of peers",
    command: commandOf(executable, "hook monitor"),
    when: "always"
  }]
}

/**
 * The push pipe waits most of the time, and there is one for each session: V8 keeps it small, and compiles nothing
 * to be fast. That is a tenth of its memory. A program of its own takes no flags of a Node.
 */
export function pipeArguments({ args }: Executable): ReadonlyArray<string> {
  return [...(args.length > 0 ? ["--lite-mode"] : []), ...args, "mcp"]
}

function hooks(executable: Executable) {
  const events = [...HOOK_EVENTS, ...COMMAND_EVENTS]
  return Object.fromEntries(events.map((event) => [event, [{
    hooks: [
      isOfPipe(event) ? askedOfPipe(event) : answeredByCommand(executable, event),
      ...(RESTS_AFTER.has(event) ? [waiting(executable)] : [])
    ]
  }]]))
}

/** Before and after the pipe is connected. */
const COMMAND_EVENTS = ["SessionStart", "SessionEnd"] as const

/** After these the agent does nothing, and has to be woken. */
const RESTS_AFTER: ReadonlySet<string> = new Set(["SessionStart", "Stop"])

function isOfPipe(event: string): boolean {
  return HOOK_EVENTS.some((one) => one === event)
}

function askedOfPipe(event: string) {
  const fields = HOOK_FIELDS.map((field) => [field, `\${${field}}`] as const)
  const input = { event, ...Object.fromEntries(fields) }
  return { type: "mcp_tool", server: SERVER, tool: "hook", input, timeout: HOOK_SECONDS_MAX }
}

function answeredByCommand(executable: Executable, event: string) {
  const command = commandOf(executable, `hook ${event}`)
  return { type: "command", command, timeout: HOOK_SECONDS_MAX }
}

/** It ends at once where the client's inbox works. */
function waiting(executable: Executable) {
  const command = commandOf(executable, "hook rewake")
  return { type: "command", command, asyncRewake: true, timeout: WAIT_SECONDS_MAX }
}

function commandOf({ args, program }: Executable, words: string): string {
  return `${[program, ...args].map(quoted).join(" ")} ${words}`
}

/** One word of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
