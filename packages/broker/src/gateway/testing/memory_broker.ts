/**
 * A whole broker in memory, on the test clock, without a socket.
 *
 * @module
 */
import { Layer } from "effect"
import type { SecureRandom } from "effect/crypto/SecureRandom"
import { TestClock } from "effect/testing"
import * as Broker from "../../broker.ts"
import * as Database from "../../store/sqlite/database.ts"

/** What a memory broker is made of. */
export interface MemoryBrokerOptions {
  /** The time it is made at; its clock stands still until a test moves it. */
  readonly at: number
  readonly random: Layer.Layer<SecureRandom>
}

/** The broker with its stores in reach. */
export function layerMemoryBroker({ at, random }: MemoryBrokerOptions) {
  const clock = Layer.effectDiscard(TestClock.setTime(at))
  const stores = Database.layer({ filename: ":memory:" }).pipe(Layer.provide(clock))
  return Broker.layer.pipe(
    Layer.provideMerge(stores),
    Layer.provideMerge(random)
  )
}
