/**
 * Finds out whose messages are meant: of whom a name is, or was, in one mesh or in all.
 *
 * Whoever has left is still found by the name that is on what they wrote, and so are we.
 *
 * @module
 */
import { type DeviceId, devicesOf, type Refused } from "@claudemesh/protocol"
import { Context, Effect, HashMap, Layer, Result } from "effect"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { Roster } from "../roster/roster.ts"

/** Knows who wrote. */
export class Senders extends Context.Service<Senders, {
  /** The devices of whoever is called so; a name that nobody has is refused with the nearest ones. */
  readonly named: (
    typed: string,
    mesh: Mesh | undefined
  ) => Effect.Effect<ReadonlyArray<DeviceId>, Refused>
}>()("@claudemesh/daemon/messages/senders") {
  static readonly layer = Layer.effect(
    Senders,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const roster = yield* Roster

      const namedIn = Effect.fnUntraced(function*(typed: string, mesh: Mesh) {
        const { identity, membership } = mesh
        const all = membership === undefined ? [] : [...HashMap.keys(membership.devices)]
        return yield* roster.resolveAmong(mesh, typed, all).pipe(
          Effect.map(({ devices }) => devices.map(({ device_id }) => device_id)),
          Effect.catchIf(({ code }) => code === "self_recipient", () =>
            Effect.succeed(
              membership === undefined
                ? [identity.deviceId]
                : devicesOf(membership, identity.memberId).map(({ id }) => id)
            ))
        )
      })
      const named = Effect.fn("Senders.named")(function*(typed: string, mesh: Mesh | undefined) {
        const among = mesh === undefined ? yield* meshes.all : [mesh]
        const found = yield* Effect.forEach(among, (one) => Effect.result(namedIn(typed, one)))
        const devices = found.flatMap((one) => Result.isSuccess(one) ? one.success : [])
        const [refusal] = found.flatMap((one) => Result.isFailure(one) ? [one.failure] : [])
        return devices.length === 0 && refusal !== undefined ? yield* refusal : devices
      })
      return Senders.of({ named })
    })
  )
}
