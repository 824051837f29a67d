/**
 * Names the store. A store that may have lost something has another name, and every daemon offers its mail again.
 *
 * @module
 */
import { Context, type Effect, type Stream } from "effect"

/** What the store says of itself. Its name and its birth may change while it is open: ask for them each time. */
export class StoreIdentity extends Context.Service<StoreIdentity, {
  /** Base64url of 16 random bytes. */
  readonly epoch: string
  /** When it was made, or began again from a copy of itself: what is older may be given back to it. */
  readonly bornAt: number
  /** Whether it can be written to now. */
  readonly isWritable: Effect.Effect<boolean>
  /** Each name that it gets from now on. */
  readonly renames: Stream.Stream<string>
}>()("@claudemesh/broker/store/store_identity/StoreIdentity") {}
