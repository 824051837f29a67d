/**
 * Looks into the store now and then, for what nobody here was told of: what another broker on the same store has
 * admitted or appended, or a commit whose answer was lost.
 *
 * @module
 */
import type { MeshId } from "@claudemesh/protocol"
import { Effect, Layer, Schedule } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import { Gateway } from "../gateway/gateway.ts"
import { MembershipLog } from "../membership/membership_log.ts"
import { makeOutageReport } from "../outage_report.ts"
import { CatchUp } from "./catch_up.ts"

/** Runs on its interval for as long as the layer lives. */
export const layer = Layer.effectDiscard(Effect.gen(function*() {
  const gateway = yield* Gateway
  const catchUp = yield* CatchUp
  const log = yield* MembershipLog
  const { recheckMillis } = yield* BrokerLimits

  const report = makeOutageReport("Cannot look into the logs")

  const recheck = Effect.gen(function*() {
    const meshes = new Set<MeshId>()
    for (const { attachments } of gateway.connections()) {
      for (const [mesh, attachment] of attachments) {
        meshes.add(mesh)
        attachment.reader.doubtEnd()
        catchUp.request(attachment)
      }
    }
    yield* Effect.forEach(meshes, log.refresh, { discard: true })
  })

  yield* report(recheck).pipe(
    Effect.repeat(Schedule.jittered(Schedule.spaced(recheckMillis))),
    Effect.forkScoped
  )
}))
