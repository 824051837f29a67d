/**
 * The store's name in SQLite: made once, when the store is born.
 *
 * @module
 */
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { Clock, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { StoreIdentity } from "../store_identity.ts"
import { makeTransact } from "./transact.ts"

const EPOCH_BYTES = 16

/** Needs a migrated database. */
export const layer = Layer.effect(
  StoreIdentity,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const random = yield* SecureRandom
    const fresh = toBase64Url(yield* random.randomBytes(EPOCH_BYTES))
    const now = yield* Clock.currentTimeMillis

    const row = yield* transact((prepare) => {
      prepare("INSERT INTO store (one, epoch, born_at) VALUES (1, ?, ?) ON CONFLICT DO NOTHING")
        .run(
          fresh,
          now
        )
      return prepare("SELECT epoch, born_at FROM store").get()
    })

    // Writes without a change: fails where the disk is full, failing or read-only. Remembered for
    // a moment, because anybody may ask and every answer costs a sync of the disk.
    const write = transact((prepare) => prepare("UPDATE store SET one = one").run())
    const isWritable = yield* Effect.cachedWithTTL(Effect.isSuccess(write), "1 second")

    return { epoch: String(row?.["epoch"]), bornAt: Number(row?.["born_at"]), isWritable }
  })
)
