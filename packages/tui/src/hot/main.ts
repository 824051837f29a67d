/**
 * The verbs that an agent's client runs over and over: they start without Effect, and never fail a turn.
 *
 * Whatever happens they end with 0, within a fifth of a second of what they were given, and say nothing
 * that is no answer.
 *
 * @module
 */
import { locateHome, WAITER_KINDS, type WaiterKind } from "@claudemesh/daemon/thin"
import { EXECUTABLE } from "../executable.ts"
import { offerCommand } from "./agent_command.ts"
import { answerHook } from "./hook.ts"
import { hotDaemon } from "./hot_daemon.ts"
import { type Input, membersOf, readInput, textIn } from "./input.ts"
import type { Whereabouts } from "./own_place.ts"
import { statusLine } from "./statusline.ts"
import { wait } from "./waiter.ts"
import { runWrapped } from "./wrapped.ts"

/** What a hot verb is typed with. */
export interface HotCall {
  readonly verb: "hook" | "statusline"
  readonly args: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Runs one, and ends the process. */
export async function runHot(call: HotCall): Promise<never> {
  process.on("uncaughtException", () => process.exit(0))
  const input = process.stdin.isTTY
    ? { bytes: new Uint8Array(), isWhole: true }
    : await readInput(process.stdin)
  const kind = waiterKindOf(call)
  if (kind !== undefined) process.exit(await waitAs(kind, call, input))
  const text = call.verb === "hook" ? await hook(call, input) : await line(call, input)
  const { CLAUDE_ENV_FILE: file = "" } = call.env
  if (text !== "" && file !== "") offerCommand(file, [process.execPath, EXECUTABLE])
  if (text !== "") say("stdout", `${text}\n`)
  process.exit(0)
}

/** A hook that gives no answer, but waits. */
function waiterKindOf({ args: [event], verb }: HotCall): WaiterKind | undefined {
  return verb === "hook" ? WAITER_KINDS.find((kind) => kind === event) : undefined
}

function waitAs(kind: WaiterKind, { env }: HotCall, input: Input): Promise<number> {
  const isFirst = kind === "monitor" || textIn(membersOf(input), "hook_event_name") !== "Stop"
  const clientPid = Number(env["CLAUDE_PID"] ?? process.ppid)
  return wait({ kind, isFirst, home: homeOf(env).directory, clientPid, write: say })
}

function say(place: "stdout" | "stderr", text: string): void {
  process.getBuiltinModule("node:fs").writeSync(place === "stdout" ? 1 : 2, text)
}

function hook({ args: [event = ""], env }: HotCall, input: Input): Promise<string> {
  const members = membersOf(input)
  const whereabouts = whereaboutsOf(env, textIn(members, "session_id"))
  return answerHook(daemonOf(env), { event, input: members, whereabouts }).catch(() => "")
}

async function line({ args, env }: HotCall, input: Input): Promise<string> {
  const id = textIn(membersOf(input), "session_id")
  const [before, ours] = await Promise.all([
    runWrapped(wrappedCommand(args), input.bytes),
    input.isWhole ? statusLine(daemonOf(env), whereaboutsOf(env, id)).catch(() => "") : ""
  ])
  return [before, ours].filter((part) => part !== "").join("\n")
}

function wrappedCommand(args: ReadonlyArray<string>): string {
  const at = args.indexOf("--wrap")
  return at === -1 ? "" : args[at + 1] ?? ""
}

function daemonOf(env: HotCall["env"]) {
  return hotDaemon(homeOf(env))
}

function homeOf(env: HotCall["env"]) {
  return locateHome({
    home: env["CLAUDEMESH_HOME"] ?? "",
    socket: env["CLAUDEMESH_SOCKET"] ?? "",
    user: process.getBuiltinModule("node:os").homedir()
  })
}

function whereaboutsOf(env: HotCall["env"], id: string): Whereabouts {
  return {
    ids: [env["CLAUDE_CODE_SESSION_ID"] ?? "", id],
    pid: process.ppid,
    mesh: env["CLAUDEMESH_MESH"] ?? ""
  }
}
