/**
 * A launch from its first look to the agent's end: reach a mesh, fill the steps, say one line, hand over.
 *
 * @module
 */
import { type Daemon, homeDirectory } from "@claudemesh/daemon"
import { refused } from "@claudemesh/protocol/errors"
import { Effect, type FileSystem, Option } from "effect"
import { EndedWith } from "../cli/failure.ts"
import { Output } from "../cli/output.ts"
import { isTypedByAgent } from "../cli/session_token.ts"
import type { Conversation } from "./agent_arguments.ts"
import { agentEnvironment } from "./agent_environment.ts"
import { agentProgram, setting } from "./agent_program.ts"
import { agentNamed } from "./agents.ts"
import { type Answers, judged, type LaunchState, meshOf } from "./flow.ts"
import { handOver } from "./hand_over.ts"
import { interview } from "./interview.ts"
import { conversationOf, type LaunchOptions } from "./launch_options.ts"
import { launchOf, onlineNow, type Planned } from "./launch_plan.ts"
import { type Launch, launchReport, lineOf } from "./launch_report.ts"
import { pathWithOwnCommand } from "./own_command.ts"
import { isPluginInstalled, pluginFolderIn, writePluginFolder } from "./plugin_folder.ts"
import { polledSession } from "./polled_session.ts"
import { type Approach, type Reached, reachMesh } from "./reach_mesh.ts"
import { saveAnswers, savedAnswers } from "./saved_answers.ts"

/** Launches the agent of that name, and ends with its exit code. */
export const launchNamed = Effect.fn("launchNamed")(function*(
  name: string,
  options: Omit<LaunchOptions, "agent">
) {
  yield* launch({ ...options, agent: yield* Effect.fromResult(agentNamed(name)) })
})

const launch = Effect.fn("launch")(function*(options: LaunchOptions) {
  const isWithin = yield* withinAgent(options)
  yield* Effect.fromResult(judged(options.given))
  const conversation = yield* conversationOf(options, process.cwd())
  const program = yield* agentProgram(options.agent)
  const { directory } = yield* Effect.orDie(homeDirectory)
  const place: Place = { home: directory, cwd: process.cwd() }
  const mayAsk = yield* mayAskNow(options)
  const reached = yield* reachMesh(approachOf(options, mayAsk))
  const recalled = yield* recall(place, conversation)
  const saved = isWithin ? withoutLimit(recalled) : recalled
  const { answers } = yield* interview(startOf({ options, reached, conversation, place }), {
    given: givenOf(options, reached),
    saved: saved.answers,
    yes: options.yes,
    mayAsk
  })
  const mesh = meshOf(answers, reached.meshes)
  const session = {
    conversation,
    name: answers.name,
    systemPrompt: options.systemPrompt,
    pluginFolder: yield* folderOfPlugin(options, place)
  }
  const carriers = yield* setting("CLAUDEMESH_CARRIERS")
  const planned: Planned = { ...options, program, session, answers, mesh, carriers }
  const view = launchOf(planned, yield* onlineNow(reached.daemon, mesh))
  const output = yield* Output
  if (options.dryRun) return yield* output.print(launchReport, view)
  yield* prepare(planned)
  const known = conversation.type === "continued" ? saved.session : conversation.id
  yield* saveAnswers(place.home, place.cwd, { ...saved.kept, ...answers, session: known })
  if (!options.quiet) yield* output.note(lineOf(view))
  const exit = yield* Effect.scoped(run({ planned, view, daemon: reached.daemon, place }))
  if (exit !== 0) return yield* new EndedWith({ exit })
})

/** Whether an agent types it: what it launches may do no more than itself, whatever was said another day. */
const withinAgent = Effect.fnUntraced(function*({ given: { caps } }: LaunchOptions) {
  const isWithin = yield* isTypedByAgent
  if (!isWithin || caps === undefined) return isWithin
  return yield* refused(
    "agent_limited",
    `Cannot launch with --caps "${caps}" within an agent: only you say what agents may do`
  )
})

/** Where it is launched. */
interface Place {
  readonly home: string
  readonly cwd: string
}

/** Somebody at a terminal who does not mind. */
const mayAskNow = Effect.fnUntraced(function*({ json, noInput }: LaunchOptions) {
  const { interactive } = yield* (yield* Output).page
  const unattended = [yield* setting("CI"), yield* setting("CLAUDEMESH_NO_INPUT")].join("")
  return interactive && !noInput && !json && unattended === ""
})

/** A dry run joins nothing, and makes nothing. */
function approachOf({ dryRun, link, quiet, yes }: LaunchOptions, mayAsk: boolean): Approach {
  return { link, quiet, mayAsk: mayAsk && !dryRun, yes: yes && !dryRun }
}

/** What is known of another day. */
interface Recalled {
  /** The newest session. */
  readonly session: string | undefined
  /** What answers steps now. */
  readonly answers: Answers
  /** What stays saved, though it answers none. */
  readonly kept: Answers
}

/** What was answered here; a session that is resumed by its id may have been another one. */
const recall = Effect.fnUntraced(function*(
  { cwd, home }: Place,
  conversation: Conversation
): Effect.fn.Return<Recalled, never, FileSystem.FileSystem> {
  const saved = Option.getOrElse(yield* savedAnswers(home, cwd), () => undefined)
  const { at: _, session, ...answers } = saved ?? { at: 0 }
  if (conversation.type === "resumed" && conversation.id !== session) {
    return { session, answers: {}, kept: {} }
  }
  if (conversation.type === "new") return { session, answers, kept: {} }
  // A session that goes on may have been told other ones since.
  const { caps: _caps, groups: _groups, role: _role, ...still } = answers
  return { session, answers: still, kept: answers }
})

function withoutLimit({ answers, kept, session }: Recalled): Recalled {
  const { caps, ...others } = answers
  return { session, answers: others, kept: { ...kept, ...(caps !== undefined && { caps }) } }
}

function startOf({ conversation, options, place, reached }: {
  readonly options: LaunchOptions
  readonly reached: Reached
  readonly conversation: Conversation
  readonly place: Place
}): LaunchState {
  return {
    agent: options.agent.title,
    folder: place.cwd.split("/").findLast((part) => part !== "") ?? "",
    meshes: reached.meshes,
    resumes: conversation.type !== "new",
    answers: {},
    asked: []
  }
}

/** Who joins by a link means the mesh that it leads to. */
function givenOf({ given }: LaunchOptions, { joined }: Reached): Answers {
  return joined === undefined ? given : { mesh: joined.mesh, ...given }
}

const folderOfPlugin = Effect.fnUntraced(function*({ agent }: LaunchOptions, { home }: Place) {
  if (!agent.hasPlugin || (yield* isPluginInstalled)) return undefined
  return pluginFolderIn(`${home}/run`)
})

function prepare({ session: { pluginFolder } }: Planned) {
  return pluginFolder === undefined ? Effect.void : Effect.orDie(writePluginFolder(pluginFolder))
}

/** The agent itself, registered by us where it has nobody who does it. */
const run = Effect.fnUntraced(function*({ daemon, place: { cwd, home }, planned, view }: {
  readonly planned: Planned
  readonly view: Launch
  readonly daemon: Daemon["Service"]
  readonly place: Place
}) {
  const { agent, answers } = planned
  const tokenFile = agent.hasPlugin
    ? undefined
    : yield* polledSession(daemon, { agent: agent.id, cwd, ...pickSaid(view) })
  const [program = "", ...args] = view.command
  const PATH = yield* Effect.orDie(pathWithOwnCommand(`${home}/run`))
  const environment = { ...agentEnvironment(answers, tokenFile), PATH }
  return yield* handOver({ program, args, environment })
})

function pickSaid({ caps, groups, mesh, mode, name, role }: Launch) {
  return {
    ...(mesh !== undefined && { mesh }),
    ...(mode !== undefined && { mode }),
    ...(name !== undefined && { name }),
    ...(role !== undefined && { role }),
    ...(groups !== undefined && { groups }),
    ...(caps !== undefined && { caps })
  }
}
