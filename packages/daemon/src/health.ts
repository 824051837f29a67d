/**
 * Keeps what needs a person's eye, so that `status` can say it long after the log has moved on.
 *
 * A note is kept once, however often it is made, and until the daemon ends; of very many the newest
 * are. What passes is said for as long as it lasts. Never put a secret in either.
 *
 * @module
 */
import { Context, Effect, Layer, Ref, type Scope } from "effect"

/** How many there may be: what a broker sends can be wrong in any number of ways. */
const NOTES_MAX = 100

/** What needs a person, such as a quarantined file. */
export class HealthNotes extends Context.Service<HealthNotes, {
  /** Adds a sentence and logs it as a warning; one that is there already changes nothing. */
  readonly note: (text: string) => Effect.Effect<void>
  /** Says a sentence until the scope closes, and logs it as a warning. */
  readonly during: (text: string) => Effect.Effect<void, never, Scope.Scope>
  /** The notes so far, the oldest first, and then what lasts; empty when all is well. */
  readonly all: Effect.Effect<ReadonlyArray<string>>
}>()("@claudemesh/daemon/health/HealthNotes") {
  static readonly layer: Layer.Layer<HealthNotes> = Layer.effect(
    HealthNotes,
    Effect.gen(function*() {
      const notes = yield* Ref.make<ReadonlyArray<string>>([])

      const note = Effect.fn("HealthNotes.note")(function*(text: string) {
        const isNew = yield* Ref.modify(
          notes,
          (known) =>
            known.includes(text) ? [false, known] : [true, [...known, text].slice(-NOTES_MAX)]
        )
        if (isNew) yield* Effect.logWarning(text)
      })

      // Several may say the same at once: it lasts until the last of them is done.
      const lasting = yield* Ref.make<ReadonlyArray<string>>([])
      const during = Effect.fn("HealthNotes.during")(function*(text: string) {
        yield* Effect.acquireRelease(
          Ref.update(lasting, (texts) => [...texts, text]),
          () => Ref.update(lasting, (texts) => texts.toSpliced(texts.indexOf(text), 1))
        )
        yield* Effect.logWarning(text)
      })
      const all = Effect.gen(function*() {
        return [...new Set([...(yield* Ref.get(notes)), ...(yield* Ref.get(lasting))])]
      })

      return HealthNotes.of({ note, during, all })
    })
  )
}
