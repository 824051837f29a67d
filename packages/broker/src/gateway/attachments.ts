/**
 * Knows which device is attached where, in this process: at most one attachment for each mailbox.
 *
 * The attachment with the higher epoch wins, whichever is added first; the
 * other is told that it was replaced.
 *
 * @module
 */
import type { BrokerFrame, Detached, DeviceId, MeshId } from "@claudemesh/protocol"
import { Context, Layer } from "effect"
import type { LogReader } from "../logs/log_reader.ts"
import type { Mailbox } from "../store/log_store.ts"

/** Why an attachment ended. */
export type DetachCode = (typeof Detached.Type)["code"]

/** One device of one mesh on one connection. */
export interface Attachment {
  readonly mailbox: Mailbox
  readonly epoch: number
  readonly reader: LogReader
  /** Whether it has not ended. */
  readonly isLive: () => boolean
  readonly send: (frame: BrokerFrame) => void
  /** Ends it on its connection, which closes if that was its last. */
  readonly end: (code: DetachCode) => void
  /** Statements this device has been sent, or had. */
  toldUpto: number
}

export class Attachments extends Context.Service<Attachments, {
  /** Adds it in place of an older one, which ends; answers whether it is the newest. */
  readonly add: (attachment: Attachment) => boolean
  /** Takes it out, if it is the one that is in; answers whether it was. */
  readonly remove: (attachment: Attachment) => boolean
  readonly get: (mesh: MeshId, device: DeviceId) => Attachment | undefined
  /** A copy, so that attachments may end while it is gone through. */
  readonly ofMesh: (mesh: MeshId) => ReadonlyArray<Attachment>
}>()("@claudemesh/broker/gateway/attachments") {
  static readonly layer = Layer.sync(Attachments, make)
}

function make() {
  const meshes = new Map<MeshId, Map<DeviceId, Attachment>>()

  function get(mesh: MeshId, device: DeviceId) {
    return meshes.get(mesh)?.get(device)
  }

  function add(attachment: Attachment) {
    const { device, mesh } = attachment.mailbox
    const other = get(mesh, device)
    if (other !== undefined && other.epoch > attachment.epoch) return false
    const devices = meshes.get(mesh) ?? new Map<DeviceId, Attachment>()
    meshes.set(mesh, devices.set(device, attachment))
    other?.end("replaced")
    return true
  }

  function remove(attachment: Attachment) {
    const { device, mesh } = attachment.mailbox
    if (get(mesh, device) !== attachment) return false
    const devices = meshes.get(mesh)
    devices?.delete(device)
    if (devices?.size === 0) meshes.delete(mesh)
    return true
  }

  function ofMesh(mesh: MeshId) {
    return [...meshes.get(mesh)?.values() ?? []]
  }

  return Attachments.of({ add, remove, get, ofMesh })
}
