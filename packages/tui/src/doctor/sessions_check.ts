/**
 * Checks the agent runs of this machine: by what messages reach each, and how many wait.
 *
 * @module
 */
import type { Session } from "@claudemesh/protocol/local_api"
import { Effect, Stream } from "effect"
import { counted } from "../cli/page.ts"
import { type Finding, ok, skipped, warning } from "./finding.ts"
import { type RunningDaemon, withDaemon } from "./machine.ts"

/** What waits is told at once; then there is silence. */
const LISTEN_MILLIS = 400

const WAITING_MAX = 1_000

/** Each agent run that lives. */
export const sessions = withDaemon(Effect.fnUntraced(function*({ calls }: RunningDaemon) {
  const { items } = yield* calls.sessions.list({})
  if (items.length === 0) return [skipped("no agent runs here: claudemesh launch starts one")]
  return yield* Effect.forEach(items, (session) =>
    Effect.map(waiting(calls, session), (count) => ({
      ...sessionFinding(session, count),
      of: session.name
    })), { concurrency: 16 })
}))

/** What there is to say of an agent run; how many wait is not always known. */
export function sessionFinding(session: Session, count: number | undefined): Finding {
  const { carrier, mode, name } = session
  const left = count === undefined || count === 0
    ? ""
    : `, ${counted(count, "message")} not shown yet`
  if (mode !== "push") return ok(`"${name}", mode ${mode}: it reads with claudemesh inbox`)
  if (carrier === undefined) {
    return warning(`"${name}", mode push: nothing shows yet that messages reach it${left}`, {
      cmd: `claudemesh launch --resume ${session.id}`,
      why: "if one waits for long; the first message that it takes is the evidence"
    })
  }
  return ok(`"${name}", mode push, by ${carrier}${left}`)
}

/** How many messages it is still to be shown. */
const waiting = Effect.fnUntraced(function*(calls: RunningDaemon["calls"], { id, mode }: Session) {
  if (mode !== "push") return undefined
  return yield* calls.surfacing.feed({ params: { id } }).pipe(
    Effect.map(Stream.interruptWhen(Effect.sleep(LISTEN_MILLIS))),
    Effect.flatMap((events) =>
      events.pipe(
        Stream.filter(({ type }) => type === "message"),
        Stream.take(WAITING_MAX),
        Stream.runCount
      )
    ),
    Effect.orElseSucceed(() => undefined)
  )
})

/** What waits for a human before an agent is shown it. */
export const held = withDaemon(Effect.fnUntraced(function*({ calls }: RunningDaemon) {
  const { items } = yield* calls.surfacing.held({ query: {} })
  return [heldFinding(items.length)]
}))

/** What there is to say where so many wait. */
export function heldFinding(count: number): Finding {
  return count === 0
    ? ok("nothing waits for you to let an agent see it")
    : warning(`${counted(count, "message")} held: no agent is shown what waits for you`, {
      cmd: "claudemesh held list",
      why: "see them, and decide"
    })
}
