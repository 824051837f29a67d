/**
 * What becomes of a mesh that its broker has refused: it is asked again, later each time, or never.
 *
 * @module
 */
import type { DeviceId, Refused } from "@claudemesh/protocol"
import { Effect, HashMap, Option, Random, Ref } from "effect"
import type { Mesh } from "../meshes/meshes.ts"
import { LinkLost } from "./broker_transport.ts"
import { LinkStates } from "./link_states.ts"
import { refusedMillis } from "./reconnect.ts"

/** Codes after which a device does not come back by itself: revoked, or its keys are used elsewhere. */
export const ENDS: ReadonlySet<string> = new Set(["revoked_device", "fenced"])

/** Counts refusals in a row. */
export const makePatience = Effect.gen(function*() {
  const states = yield* LinkStates
  const refusals = yield* Ref.make(HashMap.empty<DeviceId, number>())

  /**
   * Shows the refusal, and waits until the mesh may be asked for again; that takes another connection,
   * because a challenge is good for one attach. Returns at once if it never may.
   */
  const wait = Effect.fnUntraced(function*({ id, identity }: Mesh, refusal: Refused) {
    const { code, message } = refusal
    yield* states.set(id, { state: "refused", code, message })
    if (ENDS.has(code)) return
    const { deviceId } = identity
    const count = 1 + Option.getOrElse(HashMap.get(yield* Ref.get(refusals), deviceId), () => 0)
    yield* Ref.update(refusals, HashMap.set(deviceId, count))
    yield* Effect.sleep(refusedMillis(count, yield* Random.next))
    return yield* new LinkLost({ reason: `asking again after: ${message}` })
  })
  /** The mesh was not refused. */
  function renew({ identity }: Mesh) {
    return Ref.update(refusals, HashMap.remove(identity.deviceId))
  }
  return { wait, renew }
})
