/**
 * How long a real Claude Code client that does nothing takes to read a message, by its request to the model.
 *
 * One message at a time over two daemons and a broker: from the moment at which `send` has returned to the moment
 * at which the client's request with the message in it has come. In the same run, what the client takes by itself:
 * from the enter of a person who types to the request with their words.
 *
 * @module
 */
import {
  makeClaudeMesh,
  makeWorkplace,
  sendText,
  until,
  untilState
} from "../../packages/tui/src/testing/claude_mesh.ts"
import type { Machine } from "../../packages/tui/src/testing/real_mesh.ts"
import { findClaude, type ScriptedApi, shows } from "@claudemesh/testkit/claude_code"
import { Clock, Effect } from "effect"
import { percentile, type Row, summed, table } from "./figures.ts"
import type { Measured } from "./measured.ts"

const WARM_UP = 2
const MEASURED = 25

/** As rarely as the client takes posts for as long as one likes. */
const PAUSE = "2 seconds"

/** Measures one message at a time, and one prompt; refused where there is no client. */
export const idleWake = Effect.gen(function*() {
  yield* findClaude().pipe(Effect.catchDefect((defect) => Effect.fail(refusal(defect))))
  return yield* Effect.orDie(measure)
})

function refusal(defect: unknown): string {
  return `Cannot run bench "claude": ${defect instanceof Error ? defect.message : String(defect)}`
}

const measure = Effect.gen(function*() {
  const { ada, bob } = yield* makeClaudeMesh()
  const { api, start } = yield* makeWorkplace(ada)
  const session = yield* start()
  const [typed, told, woken]: [Array<number>, Array<number>, Array<number>] = [[], [], []]
  for (let number = 0; number < WARM_UP + MEASURED; number++) {
    yield* session.submit(`prompt-${number}-end`)
    const entered = yield* Clock.currentTimeMillis
    const prompted = (yield* arrivalOf(api, `prompt-${number}-end`)) - entered
    yield* untilRested(ada)

    const id = yield* sendText(bob, "ada", `message-${number}-end`)
    const sent = yield* Clock.currentTimeMillis
    const read = (yield* arrivalOf(api, `message-${number}-end`)) - sent
    const { recipients } = yield* untilState(bob, id, "in_context")
    const steps = recipients[0]?.steps ?? []
    yield* untilRested(ada)
    yield* Effect.sleep(PAUSE)
    if (number < WARM_UP) continue
    typed.push(prompted)
    told.push((steps.find(({ state }) => state === "inboxed")?.at ?? Number.NaN) - sent)
    woken.push(read)
  }
  const rows: ReadonlyArray<Row> = [
    { name: "typed, until the request", millis: typed },
    { name: "sent, until told of the inbox", millis: told },
    { name: "sent, until the request", millis: woken }
  ]
  const ofTyped = percentile(woken, 0.5) / percentile(typed, 0.5)
  const measured: Measured = {
    text: [
      table("an agent at rest is woken by a message", rows),
      `${ofTyped.toFixed(2)} times what the client takes for what is typed`
    ].join("\n"),
    figures: {
      idleWake: rows.map(({ millis, name }) => Object.assign({ name }, summed(millis))),
      idleWakeOfTyped: ofTyped
    }
  }
  return measured
})

/** When the request came that showed it first. */
function arrivalOf(api: ScriptedApi, text: string): Effect.Effect<number> {
  return Effect.map(api.awaitRequest((one) => shows(one, text)), (one) => one.arrivedMillis)
}

function untilRested({ daemon }: Machine) {
  return until(
    daemon.sessions.list({}),
    ({ items }) => items.every(({ status }) => status === "idle")
  )
}
