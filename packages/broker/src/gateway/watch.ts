/**
 * Looks after connections once a second: drops the dead, closes the stalled, goes on where a reader had to wait.
 *
 * @module
 */
import { Effect, Layer, Schedule } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import { CatchUp } from "../logs/catch_up.ts"
import { makeOutageReport } from "../outage_report.ts"
import { Gateway } from "./gateway.ts"

/** Runs on its interval for as long as the layer lives. */
export const layer = Layer.effectDiscard(Effect.gen(function*() {
  const gateway = yield* Gateway
  const catchUp = yield* CatchUp
  const { watchMillis } = yield* BrokerLimits

  const report = makeOutageReport("Cannot look after connections")

  const look = Effect.sync(() => {
    for (const connection of gateway.connections()) {
      connection.watch()
      for (const attachment of connection.attachments.values()) {
        attachment.reader.drain()
        catchUp.request(attachment)
      }
    }
  })

  yield* report(look).pipe(
    Effect.repeat(Schedule.spaced(watchMillis)),
    Effect.forkScoped
  )
}))
