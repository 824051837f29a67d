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
  for (const simplify of simplifications) {
    const candidate = { ...smallest, ...simplify(smallest) }
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

/** What makes a world simpler: everything about the network at once, then one thing after another. */
const simplifications: ReadonlyArray<(plan: Plan) => Partial<Plan>> = [
  () => ({ tuning: {} }),
  () => ({ isBrokerUnsynced: false }),
  () => ({ network: CALM }),
  ...Object.entries(CALM).map(([name, calm]) => ({ network }: Plan) => ({
    network: { ...network, [name]: calm }
  }))
]

/** Steps name earlier sends by their places, which change when others go. */
function without(steps: ReadonlyArray<Step>, from: number, size: number): ReadonlyArray<Step> {
  const sends = steps.filter(({ act }) => act === "send")
  const gone = new Set(steps.slice(from, from + size))
  function placeOf(earlier: number): number | undefined {
    const before = sends.slice(0, earlier).filter((send) => !gone.has(send)).length
    return sends.slice(earlier, earlier + 1).some((send) => gone.has(send)) ? undefined : before
  }
  return steps.filter((step) => !gone.has(step)).flatMap((step): ReadonlyArray<Step> => {
    if (step.act === "repeat") {
      const earlier = placeOf(step.earlier)
      return earlier === undefined ? [] : [{ ...step, earlier }]
    }
    if (step.act !== "send" || step.idOf === undefined) return [step]
    const { idOf, ...send } = step
    const place = placeOf(idOf)
    return [place === undefined ? send : { ...send, idOf: place }]
  })
}
