/**
 * The rows of prekeys: a device publishes its own, and members of the mesh ask for those of others.
 *
 * @module
 */
import {
  type GetPrekeys,
  liveDevice,
  type PutPrekey,
  refused,
  verifyPrekey
} from "@claudemesh/protocol"
import { Effect } from "effect"
import type { Connection } from "../gateway/connection.ts"
import { attached } from "../membership/handlers.ts"
import { MembershipLog } from "../membership/membership_log.ts"
import { PrekeyStore } from "../store/prekey_store.ts"
import { toRefused } from "../store/store_refusal.ts"

/** Needs the prekeys, and the membership logs for the keys that sign them. */
export const makePrekeyHandlers = Effect.gen(function*() {
  const log = yield* MembershipLog
  const store = yield* PrekeyStore

  const put = Effect.fnUntraced(function*(connection: Connection, { prekey, ref }: PutPrekeyFrame) {
    const { mailbox } = yield* attached(connection, prekey.mesh)
    const device = liveDevice(yield* log.find(prekey.mesh), mailbox.device)
    if (device === undefined || prekey.device !== device.id) {
      return yield* refused(
        "not_permitted",
        `Cannot store a prekey of ${prekey.device}: it is not attached here`
      )
    }
    if (!verifyPrekey(prekey, device.key)) {
      return yield* refused(
        "bad_signature",
        `Cannot store prekey "${prekey.id}": it is not signed by ${device.id}`
      )
    }
    yield* Effect.mapError(store.put(prekey), toRefused)
    connection.send({ type: "prekey_stored", ref })
  })

  const get = Effect.fnUntraced(
    function*(connection: Connection, { devices, mesh, ref }: GetPrekeysFrame) {
      yield* attached(connection, mesh)
      const items = yield* Effect.mapError(store.get(mesh, devices), toRefused)
      connection.send({ type: "prekeys", ref, items })
    }
  )

  return (connection: Connection) => ({
    put_prekey: (frame: PutPrekeyFrame) => put(connection, frame),
    get_prekeys: (frame: GetPrekeysFrame) => get(connection, frame)
  })
})

type PutPrekeyFrame = typeof PutPrekey.Type
type GetPrekeysFrame = typeof GetPrekeys.Type
