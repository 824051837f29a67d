/**
 * Prekeys in Postgres.
 *
 * @module
 */
import type { DeviceId, MeshId } from "@claudemesh/protocol"
import { Effect, Layer } from "effect"
import { PrekeyStore } from "../prekey_store.ts"
import { toPrekeys } from "../stored_rows.ts"
import { makeRead, makeTransact } from "./transact.ts"

/** Needs a migrated database. */
export const layer = Layer.effect(
  PrekeyStore,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const read = yield* makeRead

    const get = Effect.fn("PrekeyStore.get")(
      function*(mesh: MeshId, devices: ReadonlyArray<DeviceId>) {
        const rows = yield* read(SELECT, [mesh, [...new Set(devices)]])
        return yield* toPrekeys(rows)
      }
    )

    return PrekeyStore.of({
      get,
      put: (prekey) =>
        Effect.asVoid(
          transact((query) => query(PUT, [prekey.mesh, prekey.device, JSON.stringify(prekey)]))
        )
    })
  })
)

/** In the order in which the devices are asked for. */
const SELECT = `SELECT prekey FROM unnest($2::text[]) WITH ORDINALITY AS asked (device, at)
  JOIN devices USING (device) JOIN prekeys USING (num)
  WHERE mesh = $1 AND live ORDER BY at`

const PUT = `INSERT INTO prekeys (num, prekey)
  SELECT num, $3 FROM devices WHERE mesh = $1 AND device = $2 AND live
  ON CONFLICT (num) DO UPDATE SET prekey = excluded.prekey`
