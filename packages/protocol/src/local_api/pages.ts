/**
 * How much of a list one page shows: unless told otherwise, and at most.
 *
 * @module
 */
import { Schema } from "effect"

/** How many things are on one page. */
export interface PageSize {
  readonly standard: number
  readonly max: number
}

/** The page of each list. */
export const pageSizes = {
  inbox: { standard: 20, max: 500 },
  outbox: { standard: 50, max: 500 },
  search: { standard: 20, max: 200 }
} as const satisfies Record<string, PageSize>

/** What a request says of the page it wants: the newest so many; more than fit are refused, not cut. */
export function limitOf({ max }: PageSize) {
  return Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: max })))
}
