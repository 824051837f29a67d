/**
 * Knows who is there: attached, away since its connection was lost, or gone when its lease ran out.
 *
 * Leases run on monotonic time, so that a corrected clock ends none; `since` is
 * wall time, for display. A device that comes back within its lease keeps its
 * `since`. Whoever has not come back after the broker started has a lease too,
 * because it may have been attached before. Changes are collected and announced together, so that a connection
 * which is back before then is never seen to go.
 *
 * @module
 */
import type { DeviceId, DevicePresence, MeshId } from "@claudemesh/protocol"
import { Clock, Context, Effect, Layer } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import { monotonicMillis } from "../monotonic_millis.ts"
import type { Mailbox } from "../store/log_store.ts"

/** What changed in one mesh since it was last asked. */
export interface RosterChange {
  readonly mesh: MeshId
  readonly items: ReadonlyArray<DevicePresence>
}

export class Roster extends Context.Service<Roster, {
  readonly attached: (mailbox: Mailbox) => void
  readonly lost: (mailbox: Mailbox) => void
  /** The presence of every one of these devices. */
  readonly snapshot: (
    mesh: MeshId,
    devices: ReadonlyArray<DeviceId>
  ) => ReadonlyArray<DevicePresence>
  /** Ends leases that have run out, and hands over what changed. */
  readonly takeChanges: () => ReadonlyArray<RosterChange>
}>()("@claudemesh/broker/presence/roster") {
  static readonly layer = Layer.effect(Roster, Effect.suspend(() => make))
}

interface Presence {
  readonly mailbox: Mailbox
  state: DevicePresence["state"]
  since: number
  /** When its attachment began: `since`, if it comes back in time. */
  attachedSince: number
  leaseEnds: number
  /** What was announced last. */
  announced: DevicePresence["state"]
}

const make = Effect.gen(function*() {
  const clock = yield* Clock.Clock
  const { leaseMillis } = yield* BrokerLimits
  const startedAt = clock.currentTimeMillisUnsafe()
  const firstLeaseEnds = monotonicMillis(clock) + leaseMillis
  const meshes = new Map<MeshId, Map<DeviceId, Presence>>()
  const away = new Set<Presence>()
  const changed = new Set<Presence>()

  function entryOf(mailbox: Mailbox): Presence {
    const { device, mesh } = mailbox
    const devices = meshes.get(mesh) ?? new Map<DeviceId, Presence>()
    const presence = devices.get(device) ?? unseen(mailbox)
    meshes.set(mesh, devices.set(device, presence))
    return presence
  }

  function unseen(mailbox: Mailbox): Presence {
    const state = monotonicMillis(clock) < firstLeaseEnds ? "away" : "gone"
    const times = { since: startedAt, attachedSince: startedAt, leaseEnds: firstLeaseEnds }
    const presence: Presence = { mailbox, state, announced: state, ...times }
    if (state === "away") away.add(presence)
    return presence
  }

  function attached(mailbox: Mailbox) {
    const presence = entryOf(mailbox)
    if (presence.state === "gone") presence.attachedSince = clock.currentTimeMillisUnsafe()
    presence.state = "attached"
    presence.since = presence.attachedSince
    away.delete(presence)
    changed.add(presence)
  }

  function lost(mailbox: Mailbox) {
    const presence = entryOf(mailbox)
    presence.state = "away"
    presence.since = clock.currentTimeMillisUnsafe()
    presence.leaseEnds = monotonicMillis(clock) + leaseMillis
    away.add(presence)
    changed.add(presence)
  }

  function snapshot(mesh: MeshId, devices: ReadonlyArray<DeviceId>) {
    return devices.map((device): DevicePresence => {
      const { since, state } = entryOf({ mesh, device })
      return { device, state, since }
    })
  }

  function endLeases() {
    const now = monotonicMillis(clock)
    for (const presence of away) {
      if (presence.leaseEnds > now) continue
      away.delete(presence)
      presence.state = "gone"
      presence.since = clock.currentTimeMillisUnsafe()
      changed.add(presence)
    }
  }

  function takeChanges() {
    endLeases()
    const news = new Map<MeshId, Array<DevicePresence>>()
    for (const presence of changed) {
      const { announced, mailbox: { device, mesh }, since, state } = presence
      if (state === announced) continue
      presence.announced = state
      news.set(mesh, [...news.get(mesh) ?? [], { device, state, since }])
    }
    changed.clear()
    return [...news].map(([mesh, items]) => ({ mesh, items }))
  }

  return Roster.of({ attached, lost, snapshot, takeChanges })
})
