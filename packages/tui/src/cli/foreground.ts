/**
 * Verbs that stay in the foreground until somebody stops them.
 *
 * @module
 */
import { Context, type Effect } from "effect"

export class Foreground extends Context.Service<Foreground, {
  /** From here on Ctrl-C is how the verb is meant to end: it ends well. */
  readonly began: Effect.Effect<void>
}>()("@claudemesh/tui/cli/foreground") {}
