/**
 * What must hold before a device is attached.
 *
 * @module
 */
import {
  type Attach,
  commonVersion,
  type Membership,
  type Refused,
  refused,
  verifyAttach
} from "@claudemesh/protocol"
import { HashMap, Option, Result } from "effect"
import type { Connection } from "./connection.ts"

type Checked = Result.Result<void, Refused>

/** Whether the connection speaks a version we do, and has room for this mesh. */
export function checkRoom(
  connection: Connection,
  { device, mesh, versions }: Attach,
  attachmentsMax: number
): Checked {
  if (commonVersion(versions) === undefined) {
    return no("unsupported", `it speaks versions ${versions.join(", ")}, and none is known here`)
  }
  if (connection.attachments.has(mesh)) {
    return no("already_attached", `mesh ${mesh} is attached on this connection`)
  }
  if (connection.hadAttached(device)) {
    return no("bad_challenge", `device ${device} has answered this connection's challenge before`)
  }
  if (connection.attachments.size >= attachmentsMax) {
    return no("not_permitted", `one connection takes at most ${attachmentsMax} meshes`)
  }
  return Result.void
}

/** Whether the device is of the mesh and has answered this connection's challenge. */
export function checkDevice(
  connection: Connection,
  { type: _type, sig, ...claim }: Attach,
  membership: Membership
): Checked {
  const device = Option.getOrUndefined(HashMap.get(membership.devices, claim.device))
  if (device === undefined) {
    return no("unknown_device", `mesh ${claim.mesh} has no device ${claim.device}`)
  }
  if (!verifyAttach(claim, connection.challenge, { sig, deviceKey: device.key })) {
    return no("bad_signature", `device ${claim.device} has not signed this connection's challenge`)
  }
  return device.revokedAt === undefined ? Result.void : Result.fail(revoked(claim))
}

/** The device was revoked. */
export function revoked({ device }: Pick<Attach, "device">): Refused {
  return refused("revoked_device", `Cannot attach: device ${device} was revoked`)
}

function no(code: Parameters<typeof refused>[0], why: string): Checked {
  return Result.fail(refused(code, `Cannot attach: ${why}`))
}
