/**
 * Makes a failing plan smaller: fewer steps, a better network, for as long as the same promise is broken.
 *
 * Steps are left out in ever smaller pieces (delta debugging, Zeller and
 * Hildebrandt 2002). Every part of a world draws from a stream of its own, so
 * that what stays mostly happens as before.
 *
 * @module
 */
import { CALM } from "./connection.ts"
import type { Plan, Step } from "./plan.ts"

/** How a smaller plan is judged, and how often at the most. */
export interface ShrinkOptions {
  /** Whether it still fails in the same way. */
  readonly fails: (plan: Plan) => boolean
  readonly triesMax: number
}

/** The smallest plan that was found to fail. */
export function shrink(plan: Plan, { fails, triesMax }: ShrinkOptions): Plan {
  let tries = 0
  function stillFails(smaller: Plan): boolean {
    return tries++ < triesMax && fails(smaller)
  }
  let smallest = plan
  for (const simpler of simplerWorlds(plan)) {
    const candidate = { ...smallest, ...simpler }
    if (stillFails(candidate)) smallest = candidate
  }
  for (let size = Math.ceil(smallest.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < smallest.steps.length;) {
      const candidate = { ...smallest, steps: without(smallest.steps, from, size) }
      if (stillFails(candidate)) smallest = candidate
      else from += size
    }
  }
  return smallest
}

function simplerWorlds({ network }: Plan): ReadonlyArray<Partial<Plan>> {
  return [
    { tuning: {} },
    { isBrokerUnsynced: false },
    { network: { ...CALM } },
    { network: { ...CALM, delayMillisMax: network.delayMillisMax } },
    { network: { ...network, duplicateChance: 0, truncateChance: 0 } },
    { network: { ...network, cutChance: 0 } }
  ]
}

/** A `repeat` names an earlier send by its place, so sends that go leave an empty place behind. */
function without(steps: ReadonlyArray<Step>, from: number, size: number): ReadonlyArray<Step> {
  const gone = steps.slice(from, from + size)
  const sends = steps.filter(({ act }) => act === "send")
  const places = gone.filter(({ act }) => act === "send").map((step) => sends.indexOf(step))
  return [...steps.slice(0, from), ...steps.slice(from + size)].flatMap(
    (step): ReadonlyArray<Step> => {
      if (step.act !== "repeat") return [step]
      if (places.includes(step.earlier)) return []
      const before = places.filter((place) => place < step.earlier).length
      return [{ ...step, earlier: step.earlier - before }]
    }
  )
}
