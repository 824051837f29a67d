/**
 * What a launch is told on its command line, and what of it does not go together.
 *
 * @module
 */
import { SessionId } from "@claudemesh/protocol"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, Schema } from "effect"
import { uuidV4Unsafe } from "effect/crypto/SecureRandom"
import type { Conversation } from "./agent_arguments.ts"
import type { Agent } from "./agents.ts"
import type { Answers } from "./flow.ts"
import { knownSession } from "./known_session.ts"

/** The options. */
export interface LaunchOptions {
  readonly agent: Agent
  /** What is for the agent alone. */
  readonly args: ReadonlyArray<string>
  readonly given: Answers
  /** An invite by which to join first. */
  readonly link: string | undefined
  /** A session's id or name. */
  readonly resume: string | undefined
  readonly continue: boolean
  readonly systemPrompt: string | undefined
  readonly quiet: boolean
  /** What our own questions are answered by; it is never passed on. */
  readonly yes: boolean
  readonly noInput: boolean
  readonly dryRun: boolean
  /** Whether one JSON document is what is asked for. */
  readonly json: boolean
}

/** The conversation that is meant in that directory; refused where the options do not go together. */
export const conversationOf = Effect.fn("conversationOf")(function*(
  options: LaunchOptions,
  cwd: string
) {
  const reason = conflictIn(options)
  if (reason !== undefined) return yield* usage(reason)
  if (options.continue) return { type: "continued" } satisfies Conversation
  if (options.resume === undefined) {
    return { type: "new", id: uuidV4Unsafe() } satisfies Conversation
  }
  const { agent, resume: typed } = options
  const id = typed.toLowerCase()
  // An agent may know sessions that the daemon does not.
  const meant = isId(id) ? id : yield* knownSession({ typed, agent, cwd })
  return { type: "resumed", id: meant } satisfies Conversation
})

const isId = Schema.is(SessionId)

function conflictIn(options: LaunchOptions): string | undefined {
  const { dryRun, json, link, resume } = options
  if (options.continue && resume !== undefined) {
    return "Cannot resume and continue at once: give --resume or --continue"
  }
  if (json && !dryRun) {
    return "Cannot answer in JSON: the agent has the terminal; --dry-run --json says what it would be given"
  }
  if (dryRun && link !== undefined) {
    return "Cannot join in a dry run: claudemesh join LINK comes first"
  }
  return untaken(options)
}

/** What an agent takes is said by its row. */
function untaken({ agent, resume, systemPrompt, ...options }: LaunchOptions): string | undefined {
  const flags = [
    options.continue ? "--continue" : "",
    resume === undefined ? "" : "--resume",
    systemPrompt === undefined ? "" : "--system-prompt"
  ].filter((flag) => flag !== "")
  if (agent.args !== undefined || flags.length === 0) return undefined
  return `Cannot pass ${flags.join(" and ")} to ${agent.title}: put what it takes itself after --`
}

function usage(message: string): Effect.Effect<never, Refused> {
  return Effect.fail(refused("usage", message))
}
