/**
 * Has every reader look into its log now and then, for what nobody offered it: what another broker on the same store has
 * admitted, or a commit whose answer was lost.
 *
 * @module
 */
import { Effect, Layer, Schedule } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import { Gateway } from "../gateway/gateway.ts"
import { makeOutageReport } from "../outage_report.ts"
import { CatchUp } from "./catch_up.ts"

/** Runs on its interval for as long as the layer lives. */
export const layer = Layer.effectDiscard(Effect.gen(function*() {
  const gateway = yield* Gateway
  const catchUp = yield* CatchUp
  const { recheckMillis } = yield* BrokerLimits

  const report = makeOutageReport("Cannot look into the logs")

  const recheck = Effect.sync(() => {
    for (const { attachments } of gateway.connections()) {
      for (const attachment of attachments.values()) {
        attachment.reader.doubtEnd()
        catchUp.request(attachment)
      }
    }
  })

  yield* report(recheck).pipe(
    Effect.repeat(Schedule.jittered(Schedule.spaced(recheckMillis))),
    Effect.forkScoped
  )
}))
