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
}

/** The plugin's name, and the name of the server in it: so hooks name the server. */
export const PLUGIN_NAME = "claudemesh"
const SERVER = `plugin:${PLUGIN_NAME}:${PLUGIN_NAME}`

/** Seconds after which the client goes on without an answer. */
const HOOK_SECONDS_MAX = 5

/** The files, by their paths in the plugin's folder. */
export function pluginFiles(
  { executable, skill, version }: PluginParts
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
          [PLUGIN_NAME]: { command: executable.program, args: [...executable.args, "mcp"] }
        }
      })
    ],
    ["hooks/hooks.json", json({ hooks: hooks(executable) })],
    [`skills/${PLUGIN_NAME}/SKILL.md`, skill]
  ])
}

function hooks(executable: Executable) {
  const ofPipe = HOOK_EVENTS.map((event) => {
    const input = {
      event,
      ...Object.fromEntries(HOOK_FIELDS.map((field) => [field, `\${${field}}`]))
    }
    return [event, [{
      hooks: [{ type: "mcp_tool", server: SERVER, tool: "hook", input, timeout: HOOK_SECONDS_MAX }]
    }]]
  })
  const command = [executable.program, ...executable.args].map(quoted).join(" ")
  const ofCommand = ["SessionStart", "SessionEnd"].map((event) => [event, [{
    hooks: [{ type: "command", command: `${command} hook ${event}`, timeout: HOOK_SECONDS_MAX }]
  }]])
  return Object.fromEntries([...ofPipe, ...ofCommand])
}

/** One word of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
