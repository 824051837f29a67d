/**
 * Whom one can send to: the members of a mesh with their devices, and who of them is connected.
 *
 * @module
 */
import {
  type Device,
  type DeviceId,
  type DevicePresence,
  liveDevices,
  type Membership,
  type MeshId,
  type Refused
} from "@claudemesh/protocol"
import type { Peer } from "@claudemesh/protocol/local_api"
import { Context, Effect, HashMap, Layer, Option, Ref } from "effect"
import type { Mesh } from "../meshes/meshes.ts"
import { type Candidate, type Resolved, resolveName } from "./resolve_name.ts"

/** Knows who is there. */
export class Roster extends Context.Service<Roster, {
  /** Takes over what the broker says of devices. */
  readonly seen: (mesh: MeshId, presences: ReadonlyArray<DevicePresence>) => Effect.Effect<void>
  /** We are not connected: nothing is known of anybody. */
  readonly unknown: (mesh: MeshId) => Effect.Effect<void>
  readonly peers: (mesh: Mesh) => Effect.Effect<ReadonlyArray<Peer>>
  /** The devices a person means. Never guesses: unknown and ambiguous names are refused with candidates. */
  readonly resolve: (mesh: Mesh, to: string) => Effect.Effect<Resolved, Refused>
  /** The same among some devices only, whether they are still there or not: whom a name meant before. */
  readonly resolveAmong: (
    mesh: Mesh,
    to: string,
    devices: ReadonlyArray<DeviceId>
  ) => Effect.Effect<Resolved, Refused>
}>()("@claudemesh/daemon/roster/roster") {
  static readonly layer: Layer.Layer<Roster> = Layer.effect(
    Roster,
    Effect.gen(function*() {
      const presences = yield* Ref.make(HashMap.empty<DeviceId, DevicePresence>())
      const devices = yield* Ref.make(HashMap.empty<MeshId, ReadonlyArray<DeviceId>>())

      const seen = Effect.fnUntraced(function*(mesh: MeshId, items: ReadonlyArray<DevicePresence>) {
        yield* Ref.update(
          presences,
          (known) => items.reduce((map, item) => HashMap.set(map, item.device, item), known)
        )
        yield* Ref.update(
          devices,
          HashMap.modifyAt(mesh, (known) =>
            Option.some([
              ...new Set([
                ...Option.getOrElse(known, () => []),
                ...items.map(({ device }) => device)
              ])
            ]))
        )
      })
      const unknown = Effect.fnUntraced(function*(mesh: MeshId) {
        const gone = Option.getOrElse(HashMap.get(yield* Ref.get(devices), mesh), () => [])
        yield* Ref.update(presences, HashMap.removeMany(gone))
      })
      const peers = Effect.fnUntraced(function*({ identity, membership }: Mesh) {
        const known = yield* Ref.get(presences)
        if (membership === undefined) return []
        return candidatesOf(membership, liveDevices(membership)).map((candidate): Peer => {
          const presence = Option.getOrUndefined(HashMap.get(known, candidate.device_id))
          return Object.assign(stateOf(presence), candidate, {
            self: candidate.device_id === identity.deviceId
          })
        })
      })
      function resolve({ identity, membership }: Mesh, to: string, of?: ReadonlyArray<DeviceId>) {
        const devices = of?.flatMap((id) => deviceOf(membership, id) ?? [])
        const candidates = membership === undefined
          ? []
          : candidatesOf(membership, devices ?? liveDevices(membership))
        return Effect.fromResult(resolveName(to, { self: identity.memberId, candidates }))
      }
      return Roster.of({
        seen,
        unknown,
        peers,
        resolve: (mesh, to) => resolve(mesh, to),
        resolveAmong: resolve
      })
    })
  )
}

/** The devices, each with the name that is enough to say whom among them one means. */
function candidatesOf(
  membership: Membership,
  devices: ReadonlyArray<Device>
): ReadonlyArray<Candidate> {
  return devices.flatMap((device) => {
    const member = Option.getOrUndefined(HashMap.get(membership.members, device.member))
    if (member === undefined) return []
    const isOnly = devices.filter((other) => other.member === member.id).length === 1
    return [{
      name: isOnly ? member.name : `${member.name}@${device.name}`,
      member: member.name,
      member_id: member.id,
      device: device.name,
      device_id: device.id,
      role: member.role
    }]
  })
}

/** What people call a device of the mesh, whether it is still there or not. */
export function nameOfDevice(membership: Membership | undefined, id: DeviceId): string {
  const device = deviceOf(membership, id)
  const member = membership && device &&
    Option.getOrUndefined(HashMap.get(membership.members, device.member))
  return member?.name ?? id
}

/** What says this device and no other: its member's name and its own. */
export function addressOf(membership: Membership | undefined, id: DeviceId): string {
  const device = deviceOf(membership, id)
  return device === undefined ? id : `${nameOfDevice(membership, id)}@${device.name}`
}

/** The device of that id, whether it is still there or not. */
export function deviceOf(membership: Membership | undefined, id: DeviceId): Device | undefined {
  return membership && Option.getOrUndefined(HashMap.get(membership.devices, id))
}

const STATES = { attached: "online", away: "away", gone: "gone" } as const

function stateOf(presence: DevicePresence | undefined): Pick<Peer, "state" | "since"> {
  return presence === undefined
    ? { state: "unknown" }
    : { state: STATES[presence.state], since: presence.since }
}
