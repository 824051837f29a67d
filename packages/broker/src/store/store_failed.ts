/**
 * Says that the store failed: a full or failing disk. What was asked of it did not happen.
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
