/**
 * Works out what statements change: which devices come and go, which invites are new.
 *
 * @module
 */
import { type DeviceId, liveDevice, type Membership, type Statement } from "@claudemesh/protocol"
import { HashMap } from "effect"
import type { StoredChange } from "../store/membership_store.ts"

/** The change from one membership to the next of the same mesh; `statements` lead from one to the other. */
export function changeOf(
  before: Membership | undefined,
  after: Membership,
  statements: ReadonlyArray<Statement>
): StoredChange {
  const devices = [...HashMap.keys(after.devices)]
  const wasLive = livenessIn(before)
  const isLive = livenessIn(after)

  function isNew(id: DeviceId): boolean {
    return before === undefined || !HashMap.has(before.devices, id)
  }

  return {
    mesh: after.mesh,
    after: before?.head,
    head: after.head,
    statements,
    // One that came and went within the statements is added, then ended.
    devicesAdded: devices.filter((id) => !wasLive(id) && (isLive(id) || isNew(id))),
    devicesEnded: devices.filter((id) => !isLive(id) && (wasLive(id) || isNew(id))),
    invitesAdded: [...HashMap.keys(after.invites)].filter((id) =>
      before === undefined || !HashMap.has(before.invites, id)
    )
  }
}

function livenessIn(membership: Membership | undefined): (id: DeviceId) => boolean {
  return (id) => membership !== undefined && liveDevice(membership, id) !== undefined
}
