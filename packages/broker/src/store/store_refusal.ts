/**
 * How a failing store looks to a client: full, or not available for now.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import type { StoreFailed } from "./store_failed.ts"

/** The refusal; what exactly is wrong with the disk is the operator's to know. */
export function toRefused({ fault }: StoreFailed): Refused {
  return fault === "full"
    ? refused("store_full", "Cannot store this: the broker's disk is full")
    : refused("overloaded", "Cannot store this: the broker's store does not answer")
}
