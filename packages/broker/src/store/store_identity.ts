/**
 * Names the store: a store that was lost and made anew has another name, and every daemon offers its mail again.
 *
 * @module
 */
import { Context, type Effect } from "effect"

/** What the store says of itself. */
export class StoreIdentity extends Context.Service<StoreIdentity, {
  /** Base64url of 16 random bytes, made when the store was born. */
  readonly epoch: string
  /** When that was, in milliseconds since 1970. */
  readonly bornAt: number
  /** Whether it can be written to now. */
  readonly isWritable: Effect.Effect<boolean>
}>()("@claudemesh/broker/store/store_identity/StoreIdentity") {}
