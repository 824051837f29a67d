/**
 * One chaos run: real processes, a plan of faults, numbered messages, and a history of what was true.
 *
 * @module
 */
import type { HistoryEvent } from "@claudemesh/testkit/simulation"
import { Effect, Fiber, FiberSet, type Scope } from "effect"
import { brokerEvents, daemonEvents, merged } from "./history.ts"
import { type ChaosOptions, drawStrikes, type Strike } from "./plan.ts"
import { makeRecorder, type Recorder } from "./recorder.ts"
import { makeSite, type Site, untilAttached } from "./site.ts"
import { makeScene, type Scene, strike } from "./strikes.ts"
import { makeTraffic, type Traffic } from "./traffic.ts"
import { readDaemon } from "./witness.ts"

/** A run that is over. */
export interface ChaosRun {
  readonly strikes: ReadonlyArray<Strike>
  readonly history: ReadonlyArray<HistoryEvent>
  /** What went wrong that no promise of delivery speaks of: processes that ended by themselves. */
  readonly crashes: ReadonlyArray<string>
  /** Messages that were asked for, and how many of them were accepted. */
  readonly asked: number
  readonly accepted: number
}

/** How far a run is. */
export interface Progress {
  readonly strikes: number
  readonly asked: number
  readonly accepted: number
}

/** Where it runs, and who is told how far it is. */
export interface Surroundings {
  readonly directory: string
  readonly onProgress: (progress: Progress) => void
}

/** Enough to exchange messages. */
const ATTACHED = 2

/** How long is waited, after everything has healed, until every message has its verdict. */
const SETTLED_WITHIN = "240 seconds"
const LOOK_EVERY = "250 millis"

/** How long everything is left alone after that: what comes late, or twice, comes now. */
const QUIET = "2 seconds"

/** Runs a plan from its beginning to its end; the scope's end takes everything away. */
export const runChaos = Effect.fnUntraced(function*(
  options: ChaosOptions,
  { directory, onProgress }: Surroundings
) {
  const strikes = drawStrikes(options)
  const site = yield* makeSite(directory, options)
  const recorder = yield* makeRecorder
  const scene = makeScene(site, recorder)
  const { accepted, asked } = yield* Effect.scoped(Effect.gen(function*() {
    const traffic = yield* makeTraffic(site.machines, { recorder, seed: options.seed })
    yield* strikeAll(scene, { strikes, traffic, onProgress })
    yield* heal(site, recorder)
    yield* settle(site, traffic)
    return { accepted: traffic.accepted(), asked: traffic.asked() }
  }))
  const history = yield* collect(site, recorder)
  const crashes = [site.broker, ...site.machines].flatMap(({ crashes }) => crashes)
  return { strikes, history, crashes, asked, accepted } satisfies ChaosRun
})

interface Course {
  readonly strikes: ReadonlyArray<Strike>
  readonly traffic: Traffic
  readonly onProgress: (progress: Progress) => void
}

const strikeAll = Effect.fnUntraced(
  function*(scene: Scene, { onProgress, strikes, traffic }: Course): Effect.fn.Return<
    void,
    never,
    Scope.Scope
  > {
    const underWay = yield* FiberSet.make<void>()
    for (const [index, { afterMillis, fault, isAwaited, isWarm, messages }] of strikes.entries()) {
      if (isWarm) yield* untilAttached(scene.site, ATTACHED)
      yield* traffic.send(messages)
      yield* Effect.sleep(afterMillis)
      const fiber = yield* FiberSet.run(underWay, strike(scene, fault))
      if (isAwaited) yield* Fiber.await(fiber)
      onProgress({ strikes: index + 1, asked: traffic.asked(), accepted: traffic.accepted() })
    }
    yield* FiberSet.awaitEmpty(underWay)
  }
)

const heal = Effect.fnUntraced(function*({ broker, doors, machines }: Site, recorder: Recorder) {
  for (const { proxy } of doors) yield* proxy.heal
  for (const part of [broker, ...machines]) yield* part.start
  yield* recorder.tell({ type: "healed" })
})

/** Waits until everything is accepted, and every sender has been told what became of it. */
const settle = Effect.fnUntraced(function*({ machines }: Site, traffic: Traffic) {
  const isSettled = Effect.gen(function*() {
    if (traffic.accepted() < traffic.asked()) return false
    const statuses = yield* Effect.forEach(machines, ({ daemon }) => daemon.daemon.status({}))
    return statuses.every(({ meshes }) => meshes.every(({ queued }) => queued === 0))
  })
  yield* Effect.orElseSucceed(isSettled, () => false).pipe(
    Effect.tap((settled) => (settled ? Effect.void : Effect.sleep(LOOK_EVERY))),
    Effect.repeat({ until: (settled) => settled }),
    Effect.timeoutOption(SETTLED_WITHIN)
  )
  yield* Effect.sleep(QUIET)
})

/** Stops everything, and reads what every database has to tell. */
const collect = Effect.fnUntraced(function*({ broker, machines, store }: Site, recorder: Recorder) {
  // What nobody measures of a real process counts as nothing.
  yield* recorder.tell({ type: "ended", bufferedBytesMax: 0 })
  yield* Effect.forEach([broker, ...machines], ({ stop }) => stop, { concurrency: "unbounded" })
  const { beganAt } = recorder
  return merged([
    recorder.events(),
    brokerEvents(yield* store.read, { beganAt }),
    ...machines.map(({ database, device }) =>
      daemonEvents(readDaemon(database), { beganAt, device })
    )
  ])
})
