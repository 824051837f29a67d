/**
 * Plays a plan: its steps at their times, then everything heals, then whatever is under way has time to end.
 *
 * @module
 */
import { deliveriesOf } from "./checks/deliveries.ts"
import { CALM } from "./connection.ts"
import type { HistoryEvent } from "./history.ts"
import type { Programs } from "./parts.ts"
import { perform } from "./performances.ts"
import type { Plan } from "./plan.ts"
import { type Play, playIn } from "./playing.ts"
import type { FrameSeen } from "./trace.ts"
import { World } from "./world.ts"

/** What is to be told while a plan is played. */
export interface PlayOptions {
  readonly programs: Programs
  /** Told of each frame that arrives. */
  readonly onFrame?: (frame: FrameSeen) => void
}

/** How long is waited for what is under way after everything has healed, and how often it is looked. */
export const SETTLE_MILLIS_MAX = 240_000
const LOOK_MILLIS = 2_000

/** How long everything is left alone after it has settled: what comes late, or twice, comes now. */
const QUIET_MILLIS = 5_000

/** Plays it, and answers with what happened. */
export function play(
  plan: Plan,
  { onFrame = ignore, programs }: PlayOptions
): ReadonlyArray<HistoryEvent> {
  const world = new World({ plan, programs, onFrame })
  const state = playIn(world)
  Object.assign(world.network.faults, plan.network)
  try {
    playSteps(state, plan)
    return [...world.history]
  } finally {
    world.destroy()
  }
}

function playSteps(state: Play, { healsAt, steps }: Plan): void {
  const { world } = state
  world.start()
  for (const step of steps) {
    if (step.at > healsAt) continue
    // What is aimed from the beginning on may meet the very first call of a process.
    if (step.at > 0) world.runUntil(step.at)
    perform(state, step)
  }
  world.runUntil(healsAt)
  heal(state)
  settle(world)
}

function ignore(): void {}

function heal({ undo, world }: Play): void {
  world.moments.forget()
  for (const host of [...world.brokers, ...world.machines]) host.disk.spare()
  for (const once of undo) once()
  Object.assign(world.network.faults, CALM)
  // A broker that lost its store takes no log back from what it holds for the future; machines stay wrong.
  for (const broker of world.brokers) broker.skewMillis = 0
  for (const host of [...world.brokers, ...world.machines]) host.start()
  world.tell({ type: "healed" })
}

function settle(world: World): void {
  const until = world.timeline.now + SETTLE_MILLIS_MAX
  do {
    // What ended late, as one that was asked to stop while it was frozen, is started like all others.
    for (const host of [...world.brokers, ...world.machines]) host.start()
    world.runUntil(world.timeline.now + LOOK_MILLIS)
  } while (world.timeline.now < until && !isSettled(world))
  world.runUntil(world.timeline.now + QUIET_MILLIS)
  world.tell({ type: "ended", bufferedBytesMax: world.network.bufferedBytesMax })
}

const ENDS = new Set(["inboxed", "rejected", "expired", "aborted"])

/** Whether every sender has been told the end of every message. */
function isSettled({ history }: World): boolean {
  return deliveriesOf(history).every(({ isExcused, isLost, last }) =>
    isExcused || isLost || ENDS.has(last?.state ?? "")
  )
}
