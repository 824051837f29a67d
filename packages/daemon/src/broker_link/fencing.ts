/**
 * Tells another machine that has our keys from what is left of an earlier process of our own.
 *
 * A broker may still read what a process wrote before it was killed, after the
 * next one has attached: then that one is replaced, by nobody who is there any
 * more. This happens once or twice. Another machine goes on, and two that take
 * turns for ever would be worse than one that gives way.
 *
 * @module
 */
import type { DeviceId } from "@claudemesh/protocol"
import { Clock, Effect, HashMap, Option, Ref } from "effect"

/** So often within the time a device may be replaced, and comes back; the next time it stays away. */
const REPLACED_MAX = 2
const WITHIN_NANOS = 600_000_000_000n

/** Answers, when a device was replaced, whether it is to stay away. */
export const makeFencing = Effect.gen(function*() {
  const replaced = yield* Ref.make(HashMap.empty<DeviceId, ReadonlyArray<bigint>>())

  return Effect.fnUntraced(function*(device: DeviceId) {
    const now = yield* Clock.monotonicTimeNanos
    const before = Option.getOrElse(HashMap.get(yield* Ref.get(replaced), device), () => [])
    const times: ReadonlyArray<bigint> = [...before.filter((at) => now - at < WITHIN_NANOS), now]
    yield* Ref.update(replaced, HashMap.set(device, times))
    return times.length > REPLACED_MAX
  })
})
