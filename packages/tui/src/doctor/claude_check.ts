/**
 * Checks Claude Code: that it is found, and is new enough to be handed messages while it works.
 *
 * @module
 */
import { Effect, Result } from "effect"
import { word } from "../cli/shell_word.ts"
import { agentProgram } from "../launch/agent_program.ts"
import { agentNamed } from "../launch/agents.ts"
import { type Finding, ok, warning } from "./finding.ts"
import { programOutput } from "./program_output.ts"
import { isOlder } from "./runtime_check.ts"

/** The first version whose sessions take messages by a socket. */
const SOCKET_FLOOR = "2.1.250"

const SECONDS_MAX = 4

/** The client, by the rules by which `launch` finds it. */
export const claude = Effect.gen(function*() {
  const agent = yield* Effect.fromResult(agentNamed("claude"))
  const found = yield* Effect.result(agentProgram(agent))
  if (Result.isFailure(found)) {
    return [
      warning(found.failure.message, { cmd: agent.install, why: "or set CLAUDE_BIN to its file" })
    ]
  }
  const program = found.success
  const ran = yield* programOutput({ program, args: ["--version"], secondsMax: SECONDS_MAX })
  return [claudeFinding(program, ran?.text)]
})

/** What there is to say of a client that says that of its version. */
export function claudeFinding(program: string, said: string | undefined): Finding {
  const upgrade = {
    cmd: `${word(program)} update`,
    why: `${SOCKET_FLOOR} or newer takes all carriers`
  }
  const version = /\d+\.\d+\.\d+/.exec(said ?? "")?.[0]
  if (version === undefined) {
    return warning(`"${program}" does not say its version within ${SECONDS_MAX} s`, upgrade)
  }
  if (isOlder(version, SOCKET_FLOOR)) {
    return warning(
      `Claude Code ${version} has no inbox socket: messages reach it by hooks, between two steps of its work; an idle one is not woken`,
      upgrade
    )
  }
  return ok(`Claude Code ${version}, "${program}"`)
}
