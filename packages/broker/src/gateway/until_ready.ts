/**
 * Waits while a transport is full: whoever does not read is neither told more nor listened to.
 *
 * @module
 */
import { Effect } from "effect"
import type { Connection } from "./connection.ts"

/** How often a full transport is looked at. */
const FULL_RETRY = "50 millis"

/** Returns when the transport takes more, or the connection has closed. */
export const untilReady = Effect.fnUntraced(
  function*({ isOpen, isReady }: Pick<Connection, "isOpen" | "isReady">) {
    while (isOpen() && !isReady()) yield* Effect.sleep(FULL_RETRY)
  }
)
