/**
 * Says that the store failed: a full or failing disk, a database server that is away.
 *
 * What was asked of it has most likely not happened. It may have where the
 * answer to a commit was lost, by a server that went away just then; so
 * whoever asks must be able to ask again.
 *
 * @module
 */
import { Schema } from "effect"

/** The store cannot be used now; `fault` is what kind of fault, where that is known. */
export class StoreFailed extends Schema.TaggedError<StoreFailed>()("StoreFailed", {
  fault: Schema.Literals(["full", "io", "corrupt", "unknown"]),
  reason: Schema.String
}) {
  override get message(): string {
    return `Cannot use the store: ${this.reason}`
  }
}
