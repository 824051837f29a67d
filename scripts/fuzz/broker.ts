/**
 * Runs a broker in memory with honest devices and hostile connections, and prints each run that broke a promise.
 *
 * @module
 */
import { keepLog } from "@claudemesh/testkit"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { hostileRun } from "../../packages/broker/src/gateway/testing/hostile_run.ts"
import { brokenPromises } from "../../packages/broker/src/gateway/testing/hostile_verdict.ts"
import { hostileWorld } from "../../packages/broker/src/gateway/testing/hostile_world.ts"

/** Which runs. */
export interface BrokerFuzz {
  readonly from: number
  readonly runs: number
}

/** Answers with how many runs broke a promise. */
export async function fuzzBroker({ from, runs }: BrokerFuzz): Promise<number> {
  let broken = 0
  for (let number = from; number < from + runs; number++) {
    const promises = await Effect.runPromise(promisesBrokenIn(number))
    if (promises.length === 0) continue
    broken++
    console.log(`run ${number} broke what a broker promises: it`)
    for (const promise of promises) console.log(`  ${promise}`)
    console.log(`  again: npm run fuzz -- --from ${number} --runs 1`)
  }
  console.log(`${runs} runs, ${broken} broken`)
  return broken
}

function promisesBrokenIn(number: number): Effect.Effect<ReadonlyArray<string>> {
  const log = keepLog()
  const world = Layer.provideMerge(hostileWorld.layer, log.layer)
  return hostileRun(number).pipe(
    Effect.map((run) => brokenPromises(run, log)),
    Effect.provide(Layer.provideMerge(world, TestClock.layer())),
    Effect.orDie
  )
}
