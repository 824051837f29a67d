/**
 * Prekeys in SQLite.
 *
 * @module
 */
import { type DeviceId, type MeshId, type Prekey } from "@claudemesh/protocol"
import type { Prepare } from "@claudemesh/sqlite"
import { Effect, Layer } from "effect"
import { PrekeyStore } from "../prekey_store.ts"
import { toPrekeys } from "../stored_rows.ts"
import { makeRead, makeTransact } from "./transact.ts"

/** Needs a migrated database. */
export const layer = Layer.effect(
  PrekeyStore,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const readOnly = yield* makeRead

    const get = Effect.fn("PrekeyStore.get")(
      function*(mesh: MeshId, devices: ReadonlyArray<DeviceId>) {
        return yield* toPrekeys(yield* readOnly((prepare) => select(prepare, mesh, devices)))
      }
    )

    return PrekeyStore.of({ get, put: (prekey) => transact((prepare) => put(prepare, prekey)) })
  })
)

function put(prepare: Prepare, prekey: Prekey): void {
  prepare(
    `INSERT INTO prekeys (num, prekey)
     SELECT num, ? FROM devices WHERE mesh = ? AND device = ? AND live = 1
     ON CONFLICT DO UPDATE SET prekey = excluded.prekey`
  ).run(JSON.stringify(prekey), prekey.mesh, prekey.device)
}

function select(prepare: Prepare, mesh: MeshId, devices: ReadonlyArray<DeviceId>) {
  const one = prepare(
    "SELECT prekey FROM prekeys JOIN devices USING (num) WHERE mesh = ? AND device = ? AND live = 1"
  )
  return [...new Set(devices)].flatMap((device) => one.all(mesh, device))
}
