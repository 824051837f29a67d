/**
 * What the model will do, conversation by conversation.
 *
 * A list is used up turn by turn; a function is asked each time. Where a list
 * has ended the model says so, and the agent's turn ends with it: a test sees
 * that on the screen and in the next request instead of a client that hangs.
 *
 * @module
 */
import type { ApiRequest, RequestKind } from "./api_request.ts"
import { say, type Turn } from "./turn.ts"

/** The turns of a conversation, in order or by request. */
export type Script = ReadonlyArray<Turn> | ((request: ApiRequest) => Turn)

/** The scripts of a client; what is left out has no turns. */
export interface Scripts {
  readonly main?: Script
  /** For all sub-agents together; a function tells them apart by `agentId` or by what they are shown. */
  readonly subagents?: Script
  /** What the client asks on the side; a title for the session, if not said. */
  readonly side?: Script
}

/** Plays the scripts. */
export interface ScriptPlayer {
  /** Adds turns after those that are left; where the script is a function they replace it. */
  readonly add: (kind: "main" | "subagent", turns: ReadonlyArray<Turn>) => void
  /** The answer to a request; a turn that was answered is used up. */
  readonly turnFor: (request: ApiRequest) => Turn
}

/** Begins each script at its beginning. */
export function makeScriptPlayer({ main = [], side = aTitle, subagents = [] }: Scripts) {
  const parts = { main: part(main), side: part(side), subagent: part(subagents) }
  const player: ScriptPlayer = {
    add: (kind, turns) => parts[kind].add(turns),
    turnFor: (request) => request.kind === "other" ? [] : parts[request.kind].next(request)
  }
  return player
}

function part(script: Script) {
  let ask = typeof script === "function" ? script : undefined
  const turns = typeof script === "function" ? [] : [...script]
  return {
    add: (more: ReadonlyArray<Turn>) => {
      ask = undefined
      turns.push(...more)
    },
    next: (request: ApiRequest) => ask?.(request) ?? turns.shift() ?? itIsOver(request)
  }
}

function itIsOver({ kind, number }: { readonly kind: RequestKind; readonly number: number }): Turn {
  return say(`The script is over: there is no turn for ${kind} request ${number}`)
}

function aTitle(): Turn {
  return say(`{"title":"A scripted session"}`)
}
