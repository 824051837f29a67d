/**
 * What makes a message wait again: it is offered once more, or sealed once more.
 *
 * The caller brings the transaction, and wakes whoever sends.
 *
 * @module
 */
import type { DeviceId, ErrorCode, MeshId } from "@claudemesh/protocol"
import { Clock, Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { MessageKey } from "./outbox.ts"

/** Why a message could not be sent now, and how long it waits. */
export interface Postponement {
  readonly code: ErrorCode
  readonly delayMillis: number
}

/** How soon a device that has connected may have left its prekey with the broker. */
const PREKEY_SOON_MILLIS = 500

/** The ways back to waiting. */
export const makeAttempts = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  /**
   * The recipient did not accept it, which need not be the end: it is sealed once more, under the same
   * id. Its verdict may come before the broker's answer, or when the message waits again after a
   * reconnect; but while it waits for its next attempt, only the same verdict can come again. (The first
   * attempt of all does not wait, and a second copy of its verdict costs one sealing more.)
   */
  const sealAgain = Effect.fnUntraced(
    function*({ id, mesh }: MessageKey, { code, delayMillis }: Postponement) {
      const now = yield* Clock.currentTimeMillis
      yield* sql`UPDATE outbox SET state = 'pending', attempt = attempt + 1, verdicts = verdicts + 1,
          waits_since = ${now}, not_before = ${now + delayMillis}, last_error = ${code}
        WHERE mesh = ${mesh} AND id = ${id} AND (state IN ('sending', 'admitted')
          OR (state = 'pending' AND ${now} NOT BETWEEN waits_since AND not_before - 1))`
    }
  )

  /** The broker did not take it for now. */
  const postpone = Effect.fnUntraced(
    function*({ id, mesh }: MessageKey, { code, delayMillis }: Postponement) {
      const now = yield* Clock.currentTimeMillis
      yield* sql`UPDATE outbox SET state = 'pending', tries = tries + 1, last_error = ${code},
          waits_since = ${now}, not_before = ${now + delayMillis},
          unanswered = CASE state WHEN 'sending' THEN unanswered - 1 ELSE unanswered END
        WHERE mesh = ${mesh} AND id = ${id} AND state IN ('pending', 'sending')`
    }
  )

  /** It was refused because of one before it, and waits for that one. */
  function release({ id, mesh }: MessageKey) {
    return sql`UPDATE outbox SET state = 'pending', unanswered = unanswered - 1
      WHERE mesh = ${mesh} AND id = ${id} AND state = 'sending'`
  }

  /** The broker has it, but not one before it: it is sealed again, to come after that one. */
  function overtook({ id, mesh }: MessageKey) {
    return sql`UPDATE outbox SET state = 'pending', attempt = attempt + 1
      WHERE mesh = ${mesh} AND id = ${id} AND state = 'sending'`
  }

  /** What waits for the first prekey of these devices is tried soon, and often at first. Answers with how many. */
  const expectPrekeys = Effect.fnUntraced(
    function*(mesh: MeshId, devices: ReadonlyArray<DeviceId>) {
      const now = yield* Clock.currentTimeMillis
      const waiting = yield* sql`UPDATE outbox SET tries = 0, waits_since = ${now},
          not_before = ${now + PREKEY_SOON_MILLIS}
        WHERE mesh = ${mesh} AND state = 'pending' AND last_error = 'no_prekey'
          AND ${now} BETWEEN waits_since AND not_before - 1 AND id IN
          (SELECT id FROM outbox_recipients WHERE mesh = ${mesh} AND ${sql.in("device", devices)})
        RETURNING position`
      return waiting.length
    }
  )

  function wait(mesh: MeshId, states: ReadonlyArray<string>) {
    return sql`UPDATE outbox SET state = 'pending' WHERE mesh = ${mesh} AND ${
      sql.in("state", states)
    }`
  }
  const waitEverywhere = sql`UPDATE outbox SET state = 'pending' WHERE state = 'sending'`

  return {
    sealAgain,
    postpone,
    release,
    overtook,
    expectPrekeys,
    wait,
    /** Whatever was being sent, of all meshes. */
    waitEverywhere
  }
})
