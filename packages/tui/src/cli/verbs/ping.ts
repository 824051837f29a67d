/**
 * `claudemesh ping`: asks a peer's daemon for a sign of life, and times each leg of the way.
 *
 * Ends well if any ping was answered; else with the exit code of what stood in the way of the last one.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { errorTable } from "@claudemesh/protocol/errors"
import type { PingReport } from "@claudemesh/protocol/local_api"
import { Clock, Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { EndedWith } from "../failure.ts"
import { durationFlag } from "../flags.ts"
import { Mesh, meshRef } from "../global_flags.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { Output } from "../output.ts"
import { lineOf, type Pinged, pingList } from "../reports/ping.ts"
import { declared } from "../verb.ts"

/** How long is rested between two pings; more often they are not answered. */
const INTERVAL = "1 second"

export const ping = Command.make(
  "ping",
  {
    to: Argument.String("peer").pipe(
      Argument.withDescription("A peer: name, @name, name@device, or an id prefix of 6 or more")
    ),
    count: Flag.Int("count").pipe(
      Flag.withDescription("How often, a second apart (default: 1)"),
      Flag.filter((count) => count > 0, (count) => `Expected 1 or more, got ${count}`),
      Flag.withDefault(1)
    ),
    timeout: durationFlag("timeout", "How long to wait for each answer (default: 5s, most: 20s)")
  },
  Effect.fn("ping")(function*({ count, timeout, to }) {
    const output = yield* Output
    const daemon = yield* (yield* LocalDaemon).started
    const payload = {
      to,
      ...meshRef(yield* Mesh),
      ...Option.match(timeout, { onNone: () => ({}), onSome: (millis) => ({ timeout_ms: millis }) })
    }
    const pings: Array<Pinged> = []
    for (let number = 1; number <= count; number++) {
      if (number > 1) yield* Effect.sleep(INTERVAL)
      const pinged = yield* pingOnce(daemon, payload, number)
      pings.push(...pinged)
      if (count === 1) continue
      const page = yield* output.page
      yield* Effect.forEach(pinged, (one) => output.note(lineOf(one, page)), { discard: true })
    }
    yield* output.print(pingList, { items: pings }, { next: nextOf(pings) })
    const exit = exitOf(pings)
    if (exit !== 0) return yield* new EndedWith({ exit })
  })
).pipe(
  declared({
    description:
      "Ask a peer's daemon for a sign of life: how long to the daemon here, to the broker and back, until the broker has it, and until the peer's daemon has answered",
    examples: [
      { command: "claudemesh ping ada", description: "Is her machine there? Nobody there sees it" },
      { command: "claudemesh ping ada@laptop --count 5", description: "Five times" },
      { command: "claudemesh ping ada --timeout 1s --json", description: "For a program" }
    ],
    report: pingList
  })
)

type Payload = Parameters<Daemon["Service"]["calls"]["ping"]>[0]["payload"]

/** One ping to every device of the peer, with the way to the daemon of this machine before it. */
const pingOnce = Effect.fnUntraced(
  function*(daemon: Daemon["Service"], payload: Payload, number: number) {
    const began = yield* Clock.monotonicTimeNanos
    yield* daemon.daemon.status({})
    const ms = Number((yield* Clock.monotonicTimeNanos) - began) / 1e6
    const { items } = yield* daemon.calls.ping({ payload })
    return items.map((item): Pinged => pingedOf(item, { number, ms }))
  }
)

function pingedOf(
  report: PingReport,
  { ms, number }: { readonly number: number; readonly ms: number }
): Pinged {
  const answered = report.failure === undefined
  return { ...report, number, legs: [{ leg: "daemon", ms }, ...report.legs], answered }
}

function exitOf(pings: ReadonlyArray<Pinged>): number {
  const last = pings.at(-1)?.failure
  return last === undefined || pings.some(({ answered }) => answered)
    ? 0
    : errorTable[last.code].exit
}

function nextOf(pings: ReadonlyArray<Pinged>) {
  const silent = pings.find(({ answered }) => !answered)
  return silent === undefined
    ? []
    : [{ cmd: `claudemesh send ${silent.name} "…"`, why: "messages are kept until it is there" }]
}
