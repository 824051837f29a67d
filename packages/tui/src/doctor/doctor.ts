/**
 * Looks at everything, repairs and bundles what is asked for, and says what was found.
 *
 * @module
 */
import { Effect, type Option } from "effect"
import { EndedWith } from "../cli/failure.ts"
import { Output } from "../cli/output.ts"
import { writeBundle } from "./bundle.ts"
import { checks, runChecks } from "./checks.ts"
import { countsOf, doctorItem, doctorReport } from "./doctor_report.ts"
import { Machine } from "./machine.ts"
import { mend } from "./mending.ts"

/** What was asked for. */
export interface DoctorOptions {
  readonly fix: boolean
  /** Repairs are not asked about. */
  readonly yes: boolean
  readonly bundle: boolean
  /** Where the bundle goes. */
  readonly file: Option.Option<string>
}

/** Something failed; terminal.md has no number of its own for it. */
const FAILED = new EndedWith({ exit: 1 })

/** The whole of `claudemesh doctor`; ends with 1 where something failed. */
export const examine = Effect.fn("examine")(
  function*({ bundle, file, fix, yes }: DoctorOptions) {
    const machine = yield* Machine.make
    return yield* Effect.gen(function*() {
      const found = yield* runChecks(checks)
      const mended = fix ? yield* mend(found, checks, yes) : { items: found, repaired: [] }
      const { items, repaired } = mended
      const written = bundle ? yield* writeBundle(items, file) : undefined
      const counts = countsOf(items)
      yield* (yield* Output).print(doctorReport, {
        items: items.map(doctorItem),
        page: {
          counts,
          ...(fix && { repaired }),
          ...(written !== undefined && { bundle: written })
        }
      })
      if (counts.failed > 0) return yield* FAILED
    }).pipe(Effect.provideService(Machine, machine))
  },
  Effect.scoped
)
