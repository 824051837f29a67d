/**
 * The store's name in SQLite: made when the store is born, and anew when a start finds that it may have lost something.
 *
 * Each run has a random name, in the store and with the witness beside it. If
 * they differ, another database ran last: this one is a *copy* put back, and
 * lacks what came since. (A witness that was copied along hides it.) If the
 * last run did not end well and the host was started since, the *power* may
 * have failed, and a disk that lied about its syncs have lost commits. A
 * process that was killed has lost nothing: the system still writes what it
 * committed.
 *
 * @module
 */
import { toBase64Url } from "@claudemesh/protocol/crypto"
import type { Prepare } from "@claudemesh/sqlite"
import { Clock, Effect, Layer, Stream } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { StoreIdentity } from "../store_identity.ts"
import { StoreWitness } from "../store_witness.ts"
import { makeTransact } from "./transact.ts"

const NAME_BYTES = 16

/** Why the store may have lost something. */
type Loss = "copy" | "power"

const LOSSES: Readonly<Record<Loss, string>> = {
  copy: "This database is not the one that ran last, but a copy of an earlier state",
  power: "The machine was started again since the last run, which did not end well"
}

/** Needs a migrated database. */
export const layer = Layer.effect(
  StoreIdentity,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const random = yield* SecureRandom
    const witness = yield* StoreWitness
    const name = Effect.map(random.randomBytes(NAME_BYTES), toBase64Url)
    const start: Start = {
      epoch: yield* name,
      run: yield* name,
      now: yield* Clock.currentTimeMillis,
      boot: witness?.boot,
      lastRun: witness && (yield* witness.lastRun)
    }

    const { loss, ...known } = yield* Effect.acquireRelease(
      transact((prepare) => begin(prepare, start, witness !== undefined)),
      // Fails where the store has: that is told already, and the next start looks for what it may lack.
      () => Effect.ignore(transact(noteStopped), { log: "Debug" })
    )
    if (loss !== undefined) {
      yield* Effect.logWarning(`${LOSSES[loss]}: daemons send again what it may lack`)
    }
    if (witness !== undefined) yield* witness.noteRun(start.run)

    // Writes without a change: fails where the disk is full, failing or read-only. Remembered for
    // a moment, because anybody may ask and every answer costs a sync of the disk.
    const write = transact((prepare) => prepare("UPDATE store SET one = one").run())
    const isWritable = yield* Effect.cachedWithTTL(Effect.isSuccess(write), "1 second")
    return { ...known, isWritable, renames: Stream.never }
  })
)

/** A run as it begins. */
interface Start {
  /** The name of the store if it needs a new one. */
  readonly epoch: string
  readonly run: string
  readonly now: number
  readonly boot: string | undefined
  /** What the witness says ran last. */
  readonly lastRun: string | undefined
}

function begin(prepare: Prepare, start: Start, isWitnessed: boolean) {
  prepare("INSERT INTO store (one, epoch, born_at) VALUES (1, ?, ?) ON CONFLICT DO NOTHING")
    .run(start.epoch, start.now)
  const row = prepare("SELECT epoch, born_at, run, boot, stopped FROM store").get() ?? {}
  const loss = isWitnessed ? lossOf(row, start) : undefined
  const epoch = loss === undefined ? String(row["epoch"]) : start.epoch
  // Commits that a disk lost are seconds old; what a copy lacks may be of any age.
  const bornAt = loss === "copy" ? start.now : Number(row["born_at"])
  prepare("UPDATE store SET epoch = ?, born_at = ?, run = ?, boot = ?, stopped = 0")
    .run(epoch, bornAt, start.run, start.boot ?? null)
  return { epoch, bornAt, loss }
}

function lossOf(
  { boot: lastBoot, run, stopped }: Record<string, unknown>,
  { boot, lastRun }: Start
): Loss | undefined {
  if (typeof run !== "string") return undefined // it has not run yet
  if (run !== lastRun) return "copy"
  const wasRestarted = typeof lastBoot === "string" && boot !== undefined && boot !== lastBoot
  return stopped === 0 && wasRestarted ? "power" : undefined
}

function noteStopped(prepare: Prepare): void {
  prepare("UPDATE store SET stopped = 1").run()
}
