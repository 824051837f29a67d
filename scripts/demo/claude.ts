/**
 * The story of two sessions of Claude Code on two machines: from nothing to an answered question by two commands.
 *
 * The clients are real, and so are the daemons and the broker between them. Only the model is played: what it
 * does stands in `played_agents.ts`, and the clients are told to ask a server on this machine.
 *
 * @module
 */
import { CLAUDE_VERSION, fetchClaude } from "@claudemesh/testkit/claude_code"
import { NodeRuntime } from "@effect/platform-node"
import { Cause, Effect } from "effect"
import { accessSync, constants } from "node:fs"
import { join } from "node:path"
import { type DemoMachine, makeDemoMachine } from "./machine.ts"
import {
  ANSWER,
  isShown,
  makeAnswering,
  makeAsking,
  messageIn,
  type PlayedAgent,
  QUESTION,
  resultsIn,
  SAID_AT_LAST
} from "./played_agents.ts"
import { answer, complain, MILLIS_MAX, say, shortened } from "./telling.ts"

/** Where the client is put if this machine has none; it stays there for the next time. */
const CACHE = join(import.meta.dirname, "../../node_modules/.cache/claude_code")

/** What the second machine's agent is told when it is started. */
const PROMPT = "Ask my peer which port the dev server uses"

/** Tells it, and ends the process: with 1 where that fails. */
export function tellClaude(): void {
  const story = Effect.gen(function*() {
    const binary = yield* fetchClaude({ ...onPath("claude"), cache: CACHE })
    introduce(binary)
    const began = performance.now()
    yield* Effect.scoped(converse(binary, began)).pipe(Effect.timeoutOrElse({
      duration: MILLIS_MAX,
      orElse: () => Effect.die(new Error(`it took longer than ${MILLIS_MAX} ms`))
    }))
    say(`done in ${seconds(began)}; nothing is left behind`)
  })
  NodeRuntime.runMain(Effect.onError(story, complainOf), { disableErrorReporting: true })
}

function introduce(binary: string): void {
  say("Two machines that have nothing yet, and a real Claude Code on each.")
  answer(
    "In the place of the model is a script: no account, nothing leaves this machine, nothing of yours is touched."
  )
  answer(`The client is ${binary}; this was tried with ${CLAUDE_VERSION}.`)
}

/** One of the two sessions, with the machine it is on. */
interface Side extends DemoMachine {
  readonly agent: PlayedAgent
  /** Says what happens there, and when. */
  readonly tell: (what: string, text?: string) => void
}

const converse = Effect.fn("converse")(function*(binary: string, began: number) {
  const api = yield* makeSide("api", { binary, began, agent: makeAnswering() })
  const web = yield* makeSide("web", { binary, began, agent: makeAsking() })
  // It is held there until its question is known to have come before it: else the answer may be faster.
  const gate = yield* api.api.gate((one) => isShown(one, QUESTION) && resultsIn(one).length > 0)
  yield* launch({ api, web })
  const id = yield* ask({ api, web })
  const [found] = resultsIn(yield* gate.reached)
  say("The other one looks it up, and answers by the command below the message.")
  api.tell(`runs ${api.agent.ran[0]}`, found)
  yield* statusWith("in context", { web, id })
  yield* gate.open
  yield* reply({ api, web })
  say("What is known of the question, each line on evidence from the place that it names.")
  web.tell(`$ claudemesh message status ${id}`, yield* statusWith("answered", { web, id }))
  say("Both leave: /exit, exit, claudemesh down.")
  yield* Effect.all([api.leave, web.leave], { concurrency: "unbounded" })
})

interface Sides {
  readonly api: Side
  readonly web: Side
}

const makeSide = Effect.fn("makeSide")(function*(
  name: string,
  { agent, began, binary }: {
    readonly binary: string
    readonly began: number
    readonly agent: PlayedAgent
  }
) {
  const machine = yield* makeDemoMachine(binary, agent)
  function tell(what: string, text = "") {
    console.log(`  ${seconds(began).padStart(7)}  ${name} ${what}`)
    for (const line of text.trimEnd().split("\n")) answer(line === "" ? "" : `        ${line}`)
  }
  return { ...machine, agent, tell } satisfies Side
})

/** The two commands. */
const launch = Effect.fn("launch")(function*({ api, web }: Sides) {
  say("The first machine: there is no mesh yet, so one is made, and an invite link to it.")
  const first = "claudemesh launch --name api --yes"
  api.tell(`$ ${first}`)
  yield* api.type(first)
  const invited = yield* api.terminal.awaitScreen((screen) => LINK.test(screen))
  const link = LINK.exec(invited)?.[0] ?? ""
  api.tell("says", linesWith(invited, /^Made|^Others/).replace(link, shortened(link)))
  yield* api.terminal.awaitPrompt
  api.tell("is ready: its Claude Code waits for a prompt")

  say("The second machine: with that link, and with something to do.")
  const rest = `-- "${PROMPT}"`
  web.tell(`$ claudemesh launch --name web --join '${shortened(link)}' ${rest}`)
  yield* web.type(`claudemesh launch --name web --join '${link}' ${rest}`)
  const line = yield* web.terminal.awaitScreen((screen) => ONLINE.test(screen))
  web.tell("says", linesWith(line, ONLINE))
})

/** Answers with the id of the question. */
const ask = Effect.fn("ask")(function*({ api, web }: Sides) {
  say("Its agent looks who is there, and asks.")
  for (const at of [0, 1]) {
    const request = yield* web.api.awaitRequest((one) => resultsIn(one).length > at)
    web.tell(`runs ${web.agent.ran[at]}`, resultsIn(request)[at])
  }
  const asked = yield* api.api.awaitRequest((one) => isShown(one, QUESTION))
  api.tell("has it before it, without a keystroke", messageIn(asked, QUESTION))
  const sent = web.api.mainRequests().flatMap((one) => resultsIn(one).slice(1))
  return sent[0]?.split(/\s/)[0] ?? ""
})

const reply = Effect.fn("reply")(function*({ api, web }: Sides) {
  const request = yield* api.api.awaitRequest((one) => resultsIn(one).length > 1)
  api.tell(`runs ${api.agent.ran[1]}`, resultsIn(request)[1])
  const answered = yield* web.api.awaitRequest((one) => isShown(one, ANSWER))
  web.tell("has it before it", messageIn(answered, ANSWER))
  yield* web.terminal.awaitScreen(SAID_AT_LAST)
  web.tell("tells its user", SAID_AT_LAST)
})

/** How far the question is, once it is that far. */
function statusWith(stage: string, { id, web }: { readonly web: Side; readonly id: string }) {
  return web.run("message", "status", id).pipe(
    Effect.repeat({ until: (said) => said.includes(stage) })
  )
}

const LINK = /http:\/\/\S+\/i\/i_[^'\s]+/

/** What is said before an agent starts. */
const ONLINE = / in home · .*online/

function linesWith(screen: string, wanted: RegExp): string {
  return screen.split("\n").filter((line) => wanted.test(line)).join("\n")
}

function onPath(program: string): { readonly path?: string } {
  const directories = (process.env["PATH"] ?? "").split(":").filter((part) => part !== "")
  const path = directories.map((directory) => join(directory, program)).find(canRun)
  return path === undefined ? {} : { path }
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function seconds(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`
}

function complainOf(cause: Cause.Cause<never>): Effect.Effect<void> {
  const why = Cause.hasInterruptsOnly(cause)
    ? "it was ended early; nothing is left behind"
    : Cause.squash(cause)
  return Effect.sync(() => complain(why))
}
