/**
 * Evidence that the daemon does not have yet, in the order in which it was seen.
 *
 * The same of the same message is kept once, so that there is no more of it than there are open messages
 * and stages, however long the daemon is away.
 *
 * @module
 */
import type { Evidence } from "@claudemesh/protocol/local_api"
import { nameOfKey } from "./shown_message.ts"

/** How many pieces one report holds: the local API's `EVIDENCE_MAX`, which comes with a runtime. */
export const REPORT_MAX = 500

/** Keeps evidence until it is taken. */
export class EvidenceQueue {
  readonly #items = new Map<string, Evidence>()

  get size(): number {
    return this.#items.size
  }

  add(evidence: ReadonlyArray<Evidence>): void {
    for (const one of evidence) {
      const name = `${one.stage} ${nameOfKey(one.message)}`
      if (!this.#items.has(name)) this.#items.set(name, one)
    }
  }

  /** What is to be reported next; nothing where there is nothing. */
  next(): ReadonlyArray<Evidence> | undefined {
    const items = [...this.#items.values()].slice(0, REPORT_MAX)
    return items.length === 0 ? undefined : items
  }

  /** It was taken, or is not worth more. */
  drop(evidence: ReadonlyArray<Evidence>): void {
    for (const one of evidence) this.#items.delete(`${one.stage} ${nameOfKey(one.message)}`)
  }
}
