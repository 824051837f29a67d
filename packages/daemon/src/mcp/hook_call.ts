/**
 * What the client's hooks ask of a session's push pipe, and what they are answered.
 *
 * A hook comes at a moment of the agent's work; what it returns is read by the model with what follows.
 * Sub-agents fire the hooks of their parent, under its session id: they are left alone.
 *
 * @module
 */
import type { ReviseSession } from "@claudemesh/protocol/local_api"
import type { Dispatcher } from "./dispatcher.ts"

/** The moments we look at. */
export const HOOK_EVENTS = ["UserPromptSubmit", "PostToolBatch", "Stop", "Notification"] as const
export type HookEvent = (typeof HOOK_EVENTS)[number]

/** The fields of a hook that we look at, by the client's names for them: it is asked for these, and no others are read. */
export const HOOK_FIELDS = [
  "session_id",
  "agent_id",
  "prompt",
  "transcript_path",
  "permission_mode",
  "notification_type"
] as const

/** What a hook says; a field that the client does not fill is empty. */
export interface HookCall extends Readonly<Partial<Record<typeof HOOK_FIELDS[number], string>>> {
  readonly event: string
}

/** The answer, as the client reads it, and what is known of the session by it. */
export interface HookAnswer {
  readonly output: Readonly<Record<string, unknown>>
  readonly revision: ReviseSession
}

/** Modes in which the agent acts without asking a human. */
const UNPROMPTED: ReadonlySet<string> = new Set(["bypassPermissions", "dontAsk"])

/** What a field says; a placeholder that the client did not fill says as little as an empty one. */
export function filled(field = ""): string | undefined {
  return field === "" || field.startsWith("${") ? undefined : field
}

/** Whether it is a sub-agent's. */
export function isOfSubAgent({ agent_id }: HookCall): boolean {
  return filled(agent_id) !== undefined
}

/** Answers one hook. */
export function answerHook(dispatcher: Dispatcher, call: HookCall): HookAnswer {
  if (isOfSubAgent(call)) return { output: {}, revision: {} }
  const mode = modeOf(call)
  if (mode.unprompted !== undefined) dispatcher.act(mode.unprompted)
  const answer = ANSWERS.get(call.event)?.(dispatcher, call)
  if (answer === undefined) return { output: {}, revision: {} }
  return { output: outputOf(call.event, answer), revision: { ...mode, ...answer.revision } }
}

/** As the client reads it. */
function outputOf(event: string, { block, context }: Answer): HookAnswer["output"] {
  if (block !== undefined) return { decision: "block", reason: block }
  if (context === undefined) return {}
  return { hookSpecificOutput: { hookEventName: event, additionalContext: context } }
}

interface Answer {
  readonly context?: string | undefined
  /** Why the client is to drop the prompt that it told of. */
  readonly block?: string | undefined
  readonly revision: ReviseSession
}

/** The table: what each moment means. */
const ANSWERS: ReadonlyMap<
  string,
  (dispatcher: Dispatcher, call: HookCall) => Answer | undefined
> = new Map<HookEvent, (dispatcher: Dispatcher, call: HookCall) => Answer | undefined>([
  ["UserPromptSubmit", (dispatcher, { prompt }) => {
    const { block, context, isHuman } = dispatcher.prompted(filled(prompt) ?? "")
    if (block !== undefined) return { block, revision: {} }
    return { context, revision: { ...is("working"), human: isHuman } }
  }],
  ["PostToolBatch", (dispatcher) => ({
    context: dispatcher.toolsUsed(),
    revision: is("working")
  })],
  ["Stop", (dispatcher) => {
    const context = dispatcher.stopping()
    // What it is handed now it goes on with.
    return { context, revision: is(context === undefined ? "idle" : "working") }
  }],
  // A turn that its user breaks off ends without a stop.
  ["Notification", (dispatcher, { notification_type: type }) => {
    if (type !== "idle_prompt") return undefined
    dispatcher.rested()
    return { revision: is("idle") }
  }]
])

function modeOf({ permission_mode }: HookCall): ReviseSession {
  const mode = filled(permission_mode)
  return mode === undefined ? {} : { unprompted: UNPROMPTED.has(mode) }
}

function is(status: "idle" | "working") {
  return { status: { is: status, source: "hook" as const } }
}
