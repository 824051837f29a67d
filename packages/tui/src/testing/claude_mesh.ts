/**
 * A real mesh in which one member works with a real Claude Code client, and a script in the place of the model.
 *
 * @module
 */
import { PLUGIN_NAME, pluginFiles } from "@claudemesh/daemon"
import type { SentMessage } from "@claudemesh/protocol/local_api"
import {
  call,
  type ClaudeHomeOptions,
  findClaude,
  makeClaudeHome,
  makeScriptedApi,
  say,
  shows,
  startClaude,
  textsWith
} from "@claudemesh/testkit/claude_code"
import { Effect, Schedule } from "effect"
import { EXECUTABLE } from "../executable.ts"
import { type Machine, makeRealMesh } from "./real_mesh.ts"

/** What may be otherwise than usual. */
export interface ClaudeMeshOptions extends ClaudeHomeOptions {
  /** Whether the plugin has a monitor too. */
  readonly monitor?: boolean
  /** More of the client's arguments. */
  readonly args?: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string>>
}

/** Looked at often, because nothing tells a test of another process's progress. */
const LOOK_AGAIN = Schedule.spaced("20 millis")

const PATIENCE = "20 seconds"

/** A line of a shell in which an agent works, that runs a verb. */
export function command(words: string): string {
  return `'${process.execPath}' '${EXECUTABLE}' ${words}`
}

/** The mesh, its script, and what starts clients of a machine. */
export const makeClaudeMesh = Effect.fn("makeClaudeMesh")(function*() {
  const mesh = yield* makeRealMesh()
  const binary = yield* findClaude()
  return { ...mesh, binary }
})

/** A place for clients of a machine: an isolated home with the plugin in it, and an API of its own. */
export const makeWorkplace = Effect.fn("makeWorkplace")(
  function*(machine: Machine, options: ClaudeMeshOptions = {}) {
    const api = yield* makeScriptedApi()
    const home = yield* makeClaudeHome(options)
    const executable = { program: process.execPath, args: [EXECUTABLE] }
    const { monitor = false } = options
    const files = pluginFiles({ version: "0.1.0", executable, skill: SKILL, monitor })
    for (const [path, text] of files) {
      yield* home.write(`.claude/skills/${PLUGIN_NAME}/${path}`, text)
    }
    const binary = yield* findClaude()
    const env = { CLAUDEMESH_HOME: machine.home, ...options.env }
    const client = { binary, home, apiUrl: api.url, env }
    const start = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
      const before = yield* sessionsOf(machine)
      const session = yield* startClaude({ ...client, args: [...(options.args ?? []), ...args] })
      yield* session.awaitPrompt
      yield* until(sessionsOf(machine), (now) => now.some((id) => !before.includes(id)))
      return session
    })
    /** Waits until the daemon knows a session, and until what came for one was handed to it. */
    const registered = until(sessionsOf(machine), ({ length }) => length > 0)
    const posted = Effect.sleep("700 millis")
    /** Plays an agent that answers the message with that text by the command that stands below it. */
    const playReply = Effect.fnUntraced(function*(text: string, answer: string) {
      const gate = yield* api.gate((request) => shows(request, text))
      yield* Effect.forkScoped(Effect.gen(function*() {
        const request = yield* api.awaitRequest((request) => shows(request, text))
        const [shown] = textsWith(request, text)
        const [, to = "", id = ""] =
          /claudemesh send (\S+) .*--reply-to (\S+)/.exec(shown?.text ?? "") ?? []
        const words = command(`send ${to} --reply-to ${id} '${answer}'`)
        yield* api.play(call("Bash", { command: words, description: "Answer" }), say("Answered"))
        yield* gate.open
      }))
    })
    return { api, client, home, start, registered, posted, playReply }
  }
)

const SKILL = "---\nname: claudemesh\ndescription: Talk to peers\n---\nSee claudemesh --help\n"

/** The agent runs that a machine's daemon knows of. */
export function sessionsOf({ daemon }: Machine): Effect.Effect<ReadonlyArray<string>> {
  return daemon.sessions.list({}).pipe(
    Effect.map(({ items }) => items.map(({ id }): string => id)),
    Effect.orElseSucceed(() => [])
  )
}

/** Looks until what is seen fits. */
export function until<A, E>(
  look: Effect.Effect<A, E>,
  fits: (seen: A) => boolean
): Effect.Effect<A> {
  return look.pipe(
    Effect.repeat({ until: fits, schedule: LOOK_AGAIN }),
    Effect.timeoutOrElse({ duration: PATIENCE, orElse: () => Effect.die("waited in vain") }),
    Effect.orDie
  )
}

/** Sends a text to whoever is called so; answers with the message's id. */
export const sendText = Effect.fnUntraced(function*({ daemon }: Machine, to: string, text: string) {
  const { id } = yield* daemon.messages.send({ headers: {}, payload: { to, text } })
  return id
})

/** How far the sender sees a message to be. */
export const statusOf = Effect.fnUntraced(function*({ daemon }: Machine, id: SentMessage["id"]) {
  const message = yield* daemon.messages.show({ params: { id }, query: { direction: "sent" } })
  return message.direction === "sent" ? message : yield* Effect.die("it was not sent")
})

/** Waits until the sender sees it to be that far. */
export function untilState(
  machine: Machine,
  id: SentMessage["id"],
  ...states: ReadonlyArray<SentMessage["state"]>
): Effect.Effect<SentMessage> {
  return until(statusOf(machine, id), ({ state }) => states.includes(state))
}

type Workplace = Effect.Success<ReturnType<typeof makeWorkplace>>

/** How often a text stands in what the model has before it in its latest request. */
export function timesShown({ api }: Workplace, text: string): number {
  const latest = api.mainRequests().at(-1)
  if (latest === undefined) return 0
  return textsWith(latest, text).reduce(
    (sum, { text: shown }) => sum + shown.split(text).length - 1,
    0
  )
}
