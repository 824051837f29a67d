/**
 * Remembers that the database was found damaged while it was in use.
 *
 * What SQLite has once found does not heal: the store counts as not writable
 * until the broker is started again, which looks at the whole file, moves it
 * aside and begins anew.
 *
 * @module
 */
import { Context, Layer } from "effect"
import type { StoreFailed } from "../store_failed.ts"

export class Damage extends Context.Service<Damage, {
  /** Takes note of a failure, if it says so. */
  readonly note: (failed: StoreFailed) => void
  readonly isFound: () => boolean
}>()("@claudemesh/broker/store/sqlite/damage") {
  static readonly layer = Layer.sync(Damage, () => {
    let isFound = false
    return {
      note: ({ fault }) => {
        if (fault === "corrupt") isFound = true
      },
      isFound: () => isFound
    }
  })
}
