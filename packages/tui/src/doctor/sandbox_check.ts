/**
 * Checks whether the commands of agents reach the daemon: Claude Code's sandbox keeps them from Unix sockets.
 *
 * On macOS it lets through sockets that are named by path; on Linux it cannot tell paths apart, and lets
 * through all or none. A command can be taken out of it on either (the client's settings schema, 2.1.331).
 * How much of a sandbox there is to be is its user's choice: it is told, and never changed.
 *
 * @module
 */
import { Effect, Option, Schema } from "effect"
import { judgeClientSettings, type JudgeSettings } from "./client_settings.ts"
import { ok, warning } from "./finding.ts"
import { Machine } from "./machine.ts"

const Sandbox = Schema.Struct({
  enabled: Schema.Literal(true),
  excludedCommands: Schema.optionalKey(Schema.Array(Schema.String)),
  network: Schema.optionalKey(Schema.Struct({
    allowUnixSockets: Schema.optionalKey(Schema.Array(Schema.String)),
    allowAllUnixSockets: Schema.optionalKey(Schema.Boolean)
  }))
})

/** The sandbox of agents' commands, where there is one. */
export const sandbox = Effect.gen(function*() {
  const { socket } = yield* Machine
  return [yield* judgeClientSettings(judgeSandbox({ socket, platform: process.platform }))]
})

/** What there is to say of settings, for the daemon at that socket. */
export function judgeSandbox(
  { platform, socket }: { readonly platform: string; readonly socket: string }
): JudgeSettings {
  return ({ sandbox }, edit) => {
    const set = Option.getOrUndefined(Schema.decodeUnknownOption(Sandbox)(sandbox))
    if (set === undefined) return ok("no sandbox keeps agents' commands from the daemon")
    const { excludedCommands = [], network: { allowAllUnixSockets, allowUnixSockets = [] } = {} } =
      set
    const isNamed = platform === "darwin" && allowUnixSockets.includes(socket)
    const isExcluded = excludedCommands.some((pattern) => /^claudemesh(?:$|[ :*])/.test(pattern))
    if (allowAllUnixSockets === true || isNamed || isExcluded) {
      return ok("the sandbox of agents' commands lets claudemesh reach the daemon")
    }
    return warning(
      "Claude Code runs its agents' commands in a sandbox, where claudemesh does not reach the daemon",
      edit("add \"claudemesh:*\" to sandbox.excludedCommands to let agents answer")
    )
  }
}
