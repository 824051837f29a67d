/**
 * The agents that can be launched, one row each: how to find one, what it is given, how messages reach it.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import type { MessageMode } from "@claudemesh/protocol"
import { Result } from "effect"
import { type ArgumentGroup, claudeArguments, type LaunchedSession } from "./agent_arguments.ts"
import { nearest } from "./nearest.ts"

/** One agent. */
export interface Agent {
  /** What is typed. */
  readonly id: string
  /** What it is called in sentences. */
  readonly title: string
  readonly program: string
  /** The variable that names the program's file, where there is one. */
  readonly variable?: string
  /** Directories besides PATH; `~` is the user's. */
  readonly places: ReadonlyArray<string>
  /** The command that installs it. */
  readonly install: string
  /** Whether the agent runs our plugin, which takes messages to it and registers the session. */
  readonly hasPlugin: boolean
  /** How messages reach it, by mode: the end of a sentence of which it is told what is expected. */
  readonly carriers: Readonly<Record<MessageMode, string>>
  /** What it is given of ours; absent where it takes nothing of it. */
  readonly args?: (session: LaunchedSession) => ReadonlyArray<ArgumentGroup>
}

const PLACES = ["~/.local/bin", "/usr/local/bin"]

/** The table. */
export const agents: ReadonlyArray<Agent> = [
  {
    id: "claude",
    title: "Claude Code",
    program: "claude",
    variable: "CLAUDE_BIN",
    places: [...PLACES, "~/.claude/bin"],
    install: "npm install -g @anthropic-ai/claude-code",
    hasPlugin: true,
    carriers: {
      push: "messages arrive by socket",
      inbox: "messages wait in the inbox (mode inbox)",
      off: "messages are off"
    },
    args: claudeArguments
  },
  polling({ id: "codex", title: "Codex", install: "npm install -g @openai/codex" }),
  polling({ id: "gemini", title: "Gemini CLI", install: "npm install -g @google/gemini-cli" }),
  polling({ id: "opencode", title: "opencode", install: "npm install -g opencode-ai" })
]

/** The agent of that name; else a refusal that names the nearest. */
export function agentNamed(name: string): Result.Result<Agent, Refused> {
  const found = agents.find(({ id }) => id === name)
  if (found !== undefined) return Result.succeed(found)
  const ids = agents.map(({ id }) => id)
  const message = `Cannot launch "${name}": it is no agent that claudemesh knows; it knows ${
    ids.join(", ")
  }`
  return Result.fail(refused("usage", message, { candidates: nearest(name, ids) }))
}

/** An agent of which we know only that it has a shell: there it reads and sends, and nothing wakes it. */
function polling({ id, install, title }: Pick<Agent, "id" | "install" | "title">): Agent {
  const reads = `nothing is pushed to ${title}: it reads with claudemesh inbox`
  return {
    id,
    title,
    install,
    program: id,
    places: PLACES,
    hasPlugin: false,
    carriers: { push: reads, inbox: reads, off: "messages are off" }
  }
}
