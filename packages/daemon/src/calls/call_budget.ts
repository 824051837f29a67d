/**
 * How many calls are answered: so many at once and so many a second, of one device and of all together.
 *
 * Two token buckets on the monotonic clock. Whoever asks more often gets a verdict, which travels with
 * others in one envelope, and costs less than an answer.
 *
 * @module
 */
import type { DeviceId } from "@claudemesh/protocol"
import { Clock, Effect } from "effect"

/** Tokens at once, and tokens that come back each second. */
interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** Of one device: a person who looks whether somebody is there asks once a second. */
export const PER_DEVICE: Rate = { burst: 10, perSecond: 2 }

/** Of all devices together. */
export const IN_ALL: Rate = { burst: 40, perSecond: 20 }

interface Bucket {
  readonly tokens: number
  readonly atNanos: bigint
}

/** Keeps the buckets; as many as devices that have ever called. */
export const makeCallBudget = Effect.gen(function*() {
  const buckets = new Map<DeviceId, Bucket>()
  let all: Bucket = { tokens: IN_ALL.burst, atNanos: yield* Clock.monotonicTimeNanos }

  /** Whether a call of that device is to be answered; it is paid for if it is. */
  const spend = Effect.fnUntraced(function*(device: DeviceId) {
    const now = yield* Clock.monotonicTimeNanos
    const own = filled(buckets.get(device), PER_DEVICE, now)
    all = filled(all, IN_ALL, now)
    const isPaid = own.tokens >= 1 && all.tokens >= 1
    buckets.set(device, isPaid ? less(own) : own)
    if (isPaid) all = less(all)
    return isPaid
  })

  return { spend }
})

function filled(bucket: Bucket | undefined, { burst, perSecond }: Rate, now: bigint): Bucket {
  if (bucket === undefined) return { tokens: burst, atNanos: now }
  const seconds = Number(now - bucket.atNanos) / 1e9
  return { tokens: Math.min(burst, bucket.tokens + seconds * perSecond), atNanos: now }
}

function less(bucket: Bucket): Bucket {
  return { ...bucket, tokens: bucket.tokens - 1 }
}
