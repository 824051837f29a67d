/**
 * Has everybody come back when the store gets another name.
 *
 * What devices were told, and how far they were read to, belongs to the store
 * as it was. When they attach again, they hear the new name, and send again
 * what it may lack.
 *
 * @module
 */
import { Effect, Layer, Stream } from "effect"
import { MembershipLog } from "../membership/membership_log.ts"
import { StoreIdentity } from "../store/store_identity.ts"
import { Gateway } from "./gateway.ts"

/** Runs for as long as the layer lives. */
export const layer = Layer.effectDiscard(Effect.gen(function*() {
  const { renames } = yield* StoreIdentity
  const log = yield* MembershipLog
  const gateway = yield* Gateway
  const comeBack = Effect.andThen(log.forget, gateway.closeAll)
  yield* Effect.forkScoped(Stream.runForEach(renames, () => comeBack))
}))
