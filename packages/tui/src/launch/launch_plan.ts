/**
 * What a launch comes to once all is answered: the agent's command line and environment, and what is said of it.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { Capabilities, MessageMode, Name } from "@claudemesh/protocol"
import { readCapabilities } from "@claudemesh/protocol/capabilities"
import { readGroups } from "@claudemesh/protocol/groups_text"
import { type MeshStatus, SessionGroups } from "@claudemesh/protocol/local_api"
import { Effect, Schema } from "effect"
import { linkWord } from "../cli/reports/mesh.ts"
import { joinedArguments, type LaunchedSession } from "./agent_arguments.ts"
import { agentEnvironment } from "./agent_environment.ts"
import type { Agent } from "./agents.ts"
import type { Answers } from "./flow.ts"
import type { Launch } from "./launch_report.ts"

/** What is known. */
export interface Planned {
  readonly agent: Agent
  /** The file of the agent. */
  readonly program: string
  /** What is for it alone. */
  readonly args: ReadonlyArray<string>
  readonly session: LaunchedSession
  readonly answers: Answers
  /** The mesh; absent, the one the session was in. */
  readonly mesh: MeshStatus | undefined
  /** `CLAUDEMESH_CARRIERS`; empty, the agent's own. */
  readonly carriers: string
}

/** The launch, as it is said and done. */
export function launchOf(planned: Planned, online: ReadonlyArray<string>): Launch {
  const { agent, answers, args, mesh, program, session } = planned
  const groups = agent.args?.(session) ?? []
  const environment = Object.entries(agentEnvironment(answers))
  const said = saidIn(answers)
  return {
    agent: agent.id,
    ...said,
    ...(mesh !== undefined && { mesh: mesh.mesh, mesh_name: mesh.name }),
    carrier: carrierOf(planned, said.mode ?? "push"),
    ...troubleOf(mesh),
    online,
    unread: mesh?.unread ?? 0,
    command: [program, ...joinedArguments(groups, args)],
    environment: Object.fromEntries(
      environment.flatMap(([name, value]) => value === undefined ? [] : [[name, value]])
    )
  }
}

/** Who else is connected, as the daemon knows it; nothing is asked of the broker, or marked as read. */
export const onlineNow = Effect.fn("onlineNow")(function*(
  daemon: Daemon["Service"],
  mesh: MeshStatus | undefined
) {
  const query = mesh === undefined ? {} : { mesh: mesh.mesh }
  return yield* daemon.roster.peers({ query }).pipe(
    Effect.map(({ items }) =>
      items.filter(({ self, state }) => state === "online" && !self).map(({ name }) => name)
    ),
    // The line is shorter without.
    Effect.orElseSucceed((): ReadonlyArray<string> => [])
  )
})

const isName = Schema.is(Name)
const isMode = Schema.is(MessageMode)
const isCapabilities = Schema.is(Capabilities)
const isGroups = Schema.is(SessionGroups)

function saidIn({ caps: limit = "all", groups: text = "", mode, name, role }: Answers) {
  const caps = readCapabilities(limit)
  const groups = readGroups(text)
  return {
    ...(isName(name) && { name }),
    ...(isMode(mode) && { mode }),
    ...(isName(role) && { role }),
    ...(groups.length > 0 && isGroups(groups) && { groups }),
    ...(isCapabilities(caps) && { caps })
  }
}

/** How messages are expected to reach it. */
function carrierOf({ agent, carriers }: Planned, mode: MessageMode): string {
  const named = carriers.split(",").map((name) => name.trim()).filter((name) => name !== "")
  return mode === "push" && agent.hasPlugin && named.length > 0
    ? `messages arrive by ${named.join(", ")}`
    : agent.carriers[mode]
}

function troubleOf(mesh: MeshStatus | undefined): { readonly trouble?: string } {
  if (mesh === undefined || mesh.link.state === "attached") return {}
  return { trouble: `${mesh.name} is ${linkWord(mesh.link)}; messages come once it is connected` }
}
