/**
 * Knows who is there: attached, away since its connection was lost, or gone when its lease ran out.
 *
 * Leases run on the time in which the broker was awake, so that neither a
 * corrected clock nor a pause of the broker ends one; `since` is wall time, for
 * display. A device that comes back within its lease keeps its `since`. Whoever
 * has not come back after the broker started has a lease too, because it may
 * have been attached before.
 *
 * Others are told that a device is away, or back, once that has lasted for a
 * while, so that a flapping link is not seen to flap. A device that was dropped
 * because nothing came from it has been away for long enough already.
 *
 * @module
 */
import type { DeviceId, DevicePresence, MeshId } from "@claudemesh/protocol"
import { Clock, Context, Effect, Layer } from "effect"
import { AwakeClock } from "../awake_clock.ts"
import { BrokerLimits } from "../broker_limits.ts"
import type { Mailbox } from "../store/log_store.ts"
import { type Moment, Presence } from "./presence.ts"

/** What changed in one mesh since it was last asked. */
export interface RosterChange {
  readonly mesh: MeshId
  readonly items: ReadonlyArray<DevicePresence>
}

export class Roster extends Context.Service<Roster, {
  readonly attached: (mailbox: Mailbox) => void
  /** Its connection has ended, or was dropped because nothing came over it. */
  readonly lost: (mailbox: Mailbox, how: { readonly wasSilent: boolean }) => void
  /** The presence of every one of these devices, as it is shown. */
  readonly snapshot: (
    mesh: MeshId,
    devices: ReadonlyArray<DeviceId>
  ) => ReadonlyArray<DevicePresence>
  /** Ends leases that have run out, and hands over what is shown otherwise from now on. */
  readonly takeChanges: () => ReadonlyArray<RosterChange>
}>()("@claudemesh/broker/presence/roster") {
  static readonly layer = Layer.effect(Roster, Effect.suspend(() => make))
}

const make = Effect.gen(function*() {
  const clock = yield* Clock.Clock
  const { now } = yield* AwakeClock
  const { leaseMillis, presenceSteadyMillis: steadyMillis } = yield* BrokerLimits
  const started = moment()
  const meshes = new Map<MeshId, Map<DeviceId, Presence>>()
  const away = new Set<Presence>()
  const changed = new Set<Presence>()

  function moment(): Moment {
    return { awake: now(), wall: clock.currentTimeMillisUnsafe() }
  }

  function presenceOf(mailbox: Mailbox): Presence {
    const { device, mesh } = mailbox
    const devices = meshes.get(mesh) ?? new Map<DeviceId, Presence>()
    const presence = devices.get(device) ?? unseen(mailbox)
    meshes.set(mesh, devices.set(device, presence))
    return presence
  }

  function unseen(mailbox: Mailbox): Presence {
    const leaseEnds = started.awake + leaseMillis
    const state = now() < leaseEnds ? "away" : "gone"
    const presence = new Presence(mailbox, { state, leaseEnds, wall: started.wall })
    if (state === "away") away.add(presence)
    return presence
  }

  function attached(mailbox: Mailbox) {
    const presence = presenceOf(mailbox)
    presence.attached(moment(), steadyMillis)
    away.delete(presence)
    changed.add(presence)
  }

  function lost(mailbox: Mailbox, { wasSilent }: { readonly wasSilent: boolean }) {
    const presence = presenceOf(mailbox)
    presence.lost(moment(), { leaseMillis, showMillis: wasSilent ? 0 : steadyMillis })
    away.add(presence)
    changed.add(presence)
  }

  function snapshot(mesh: MeshId, devices: ReadonlyArray<DeviceId>) {
    return devices.map((device) => presenceOf({ mesh, device }).seen(moment()))
  }

  function endLeases(at: Moment) {
    for (const presence of away) {
      if (!presence.endLease(at)) continue
      away.delete(presence)
      changed.add(presence)
    }
  }

  function takeChanges() {
    const at = moment()
    endLeases(at)
    const items = new Map<MeshId, Array<DevicePresence>>()
    for (const presence of changed) {
      const news = presence.news(at)
      if (news === "unripe") continue
      changed.delete(presence)
      const { mesh } = presence.mailbox
      if (news === "ripe") items.set(mesh, [...items.get(mesh) ?? [], presence.show()])
    }
    return [...items].map(([mesh, items]) => ({ mesh, items }))
  }

  return Roster.of({ attached, lost, snapshot, takeChanges })
})
