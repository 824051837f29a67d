/**
 * Runs a broker with hostile connections, and a daemon with a hostile broker, and prints each run that broke a promise.
 *
 * @module
 */
import { keepLog, type KeptLog } from "@claudemesh/testkit"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { hostileRun } from "../../packages/broker/src/gateway/testing/hostile_run.ts"
import * as broker from "../../packages/broker/src/gateway/testing/hostile_verdict.ts"
import { hostileWorld } from "../../packages/broker/src/gateway/testing/hostile_world.ts"
import * as daemon from "../../packages/daemon/src/testing/hostile_broker.ts"

/** Which runs. */
export interface RunFuzz {
  readonly from: number
  readonly runs: number
}

type Promises = Effect.Effect<ReadonlyArray<string>>

/** What is run, and answers with the promises that were broken. */
const worlds: Readonly<Record<string, (number: number, log: KeptLog) => Promises>> = {
  broker: (number, log) =>
    hostileRun(number).pipe(
      Effect.map((run) => broker.brokenPromises(run, log)),
      Effect.provide(inLog(hostileWorld.layer, log)),
      Effect.orDie
    ),
  daemon: (number, log) =>
    daemon.hostileBrokerRun(number).pipe(
      Effect.map((run) => daemon.brokenPromises(run, log)),
      Effect.provide(inLog(daemon.hostileBrokerWorld, log)),
      Effect.orDie
    )
}

/** A world on a clock of its own, what it logs being kept. */
function inLog<Services, Failure>(world: Layer.Layer<Services, Failure>, log: KeptLog) {
  return world.pipe(Layer.provideMerge(log.layer), Layer.provideMerge(TestClock.layer()))
}

/** Answers with how many runs broke a promise. */
export async function fuzzRuns({ from, runs }: RunFuzz): Promise<number> {
  let broken = 0
  for (const [name, world] of Object.entries(worlds)) {
    for (let number = from; number < from + runs; number++) {
      const promises = await Effect.runPromise(world(number, keepLog()))
      if (promises.length === 0) continue
      broken++
      console.log(`run ${number} broke what a ${name} promises: it`)
      for (const promise of promises) console.log(`  ${promise}`)
      console.log(`  again: npm run fuzz -- --from ${number} --runs 1`)
    }
    console.log(`${name}: ${runs} runs`)
  }
  console.log(`${broken} broken`)
  return broken
}
