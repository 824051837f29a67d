/**
 * Two ways to load a fleet: as much as it takes, and so many messages a second.
 *
 * @module
 */
import { Effect } from "effect"
import type { Fleet } from "./fleet.ts"

/** Messages under way in all: enough that batches fill, less than the windows of all readers. */
const UNDER_WAY = 512

/** What was measured of messages that were admitted, pushed and read. */
export interface Loaded {
  readonly perSecond: number
  readonly millis: ReadonlyArray<number>
}

/** Numbers go on from load to load, because an id is good for one message. */
let lastNumber = 0

/** Keeps a number of messages under way for a while: each that has arrived lets the next one leave. */
export function saturate(fleet: Fleet, seconds: number): Effect.Effect<Loaded> {
  return Effect.callback((resume) => {
    const sentAt = new Map<number, Sent>()
    const millis: Array<number> = []
    const perDevice = Math.max(1, Math.min(60, Math.floor(UNDER_WAY / fleet.devices)))
    const began = performance.now()
    const ends = began + seconds * 1_000
    function send(device: number) {
      const number = ++lastNumber
      sentAt.set(number, { device, at: performance.now() })
      fleet.send(device, number)
    }
    fleet.listen(whenBoth(sentAt, ({ at, device }) => {
      const now = performance.now()
      millis.push(now - at)
      if (now < ends) send(device)
      else if (sentAt.size === 0) resume(Effect.succeed(loaded(millis, now - began)))
    }))
    for (let device = 0; device < fleet.devices; device++) {
      for (let count = 0; count < perDevice; count++) send(device)
    }
  })
}

/** Sends so many a second, whatever comes back: what has to wait counts from when it was due. */
export function pace(fleet: Fleet, perSecond: number, seconds: number): Effect.Effect<Loaded> {
  return Effect.callback((resume) => {
    const sentAt = new Map<number, Sent>()
    const millis: Array<number> = []
    const began = performance.now()
    const total = Math.floor(perSecond * seconds)
    let sent = 0
    fleet.listen(whenBoth(sentAt, ({ at }) => {
      millis.push(performance.now() - at)
      if (millis.length === total) resume(Effect.succeed(loaded(millis, performance.now() - began)))
    }))
    function tick() {
      const due = Math.min(total, Math.floor((performance.now() - began) / 1_000 * perSecond))
      for (; sent < due; sent++) {
        const number = ++lastNumber
        const device = sent % fleet.devices
        sentAt.set(number, { device, at: began + (sent / perSecond) * 1_000 })
        fleet.send(device, number)
      }
      if (sent < total) setTimeout(tick, 1)
    }
    tick()
  })
}

interface Sent {
  readonly device: number
  readonly at: number
  isHalf?: boolean
}

/** Calls once a message is both admitted and arrived, whichever is first. */
function whenBoth(sentAt: Map<number, Sent>, done: (sent: Sent) => void) {
  function half(number: number) {
    const sent = sentAt.get(number)
    if (sent === undefined) return
    if (sent.isHalf !== true) {
      sent.isHalf = true
      return
    }
    sentAt.delete(number)
    done(sent)
  }
  return { admitted: half, arrived: half }
}

function loaded(millis: ReadonlyArray<number>, tookMillis: number): Loaded {
  return { perSecond: millis.length / (tookMillis / 1_000), millis }
}
