/**
 * The mistakes that are planted to test the simulator: each a text of one file and what stands in its place.
 *
 * A mutant is a mistake that somebody could make, and breaks one promise. That
 * the compiler would refuse some does not matter: nothing checks types here.
 *
 * @module
 */

/** One mistake. */
export interface Mutant {
  /** What it breaks, by the published guarantees. */
  readonly breaks: string
  readonly file: string
  /** Stands there once. */
  readonly find: string
  readonly replace: string
}

const BROKER = "packages/broker/src"
const DAEMON = "packages/daemon/src"

/** The table of mutants. */
export const mutants: Readonly<Record<string, Mutant>> = {
  // The sender's daemon
  accepted_before_commit: {
    breaks: "G1",
    file: `${DAEMON}/outbox/outbox.ts`,
    find: "(draft: OutboxDraft) => Effect.tap(commit(draft), bump(version)),",
    replace:
      `(draft: OutboxDraft) => draft.id === undefined ? Effect.tap(commit(draft), bump(version))
      : Effect.as(Effect.forkDetach(Effect.delay(Effect.tap(commit(draft), bump(version)), 20)), { id: draft.id, isRepeat: false }),`
  },
  pruned_at_admitted: {
    breaks: "G1",
    file: `${DAEMON}/outbox/delivery_rows.ts`,
    find: "SET state = 'admitted', tries = 0",
    replace: "SET state = 'delivered', tries = 0"
  },
  sending_not_reset: {
    breaks: "G1",
    file: `${DAEMON}/outbox/attempts.ts`,
    find: `return sql\`UPDATE outbox SET state = 'pending' WHERE mesh = \${mesh} AND \${`,
    replace:
      `return sql\`UPDATE outbox SET state = 'pending' WHERE state != 'sending' AND mesh = \${mesh} AND \${`
  },
  store_epoch_ignored: {
    breaks: "G1",
    file: `${DAEMON}/broker_link/mesh_session.ts`,
    find: "yield* isLost ? delivery.reoffer(id) : delivery.resume(id)",
    replace: "yield* delivery.resume(id)"
  },
  newest_first: {
    breaks: "G4",
    file: `${DAEMON}/outbox/waiting.ts`,
    find: `AND state = 'pending' AND position > \${after}
        ORDER BY position LIMIT`,
    replace: `AND state = 'pending' AND position > \${after}
        ORDER BY position DESC LIMIT`
  },
  urgent_first: {
    breaks: "G4",
    file: `${DAEMON}/outbox/waiting.ts`,
    find: `AND state = 'pending' AND position > \${after}
        ORDER BY position LIMIT`,
    replace: `AND state = 'pending' AND position > \${after}
        ORDER BY meta LIKE '%"now"%' DESC, position LIMIT`
  },
  requeue_reorders: {
    breaks: "G4",
    file: `${DAEMON}/outbox/attempts.ts`,
    find: `return sql\`UPDATE outbox SET state = 'pending' WHERE mesh = \${mesh} AND \${`,
    replace:
      `return sql\`UPDATE outbox SET state = 'pending', position = -position WHERE mesh = \${mesh} AND \${`
  },
  second_words_taken: {
    breaks: "G6",
    file: `${DAEMON}/outbox/outbox.ts`,
    find: "const refusal = isRepeat ? refusalOfRepeat(known.value, draft) : undefined",
    replace: "const refusal = undefined"
  },
  expires_early: {
    breaks: "G5",
    file: `${DAEMON}/outbox/endings.ts`,
    find: "AND accepted_at + ttl < ${now}",
    replace: "AND accepted_at + ttl / 10000 < ${now}"
  },
  admitted_shown_when_sent: {
    breaks: "G5",
    file: `${DAEMON}/outbox/send_batch.ts`,
    find: "const begun = yield* delivery.begin(sealable)",
    replace: "const begun = yield* delivery.begin(sealable); yield* delivery.admitted(begun)"
  },
  refusals_are_final: {
    breaks: "G5",
    file: `${DAEMON}/outbox/send_batch.ts`,
    find: `    const gone = batch.filter(({ devices }) =>
      devices.some((device) => liveDevice(membership, device) === undefined)
    )`,
    replace: "    const gone = batch.filter(({ row }) => row.tries > 1)"
  },
  // The recipient's daemon
  ack_before_commit: {
    breaks: "G1",
    file: `${DAEMON}/broker_link/mesh_session.ts`,
    find: "      for (let from = 0; from < current.length; from += limits.windowEntriesMax) {",
    replace: `      yield* meshes.commitRead(attachment.mesh, last.seq, Effect.void)
      for (let from = 0; from < current.length; from += limits.windowEntriesMax) {`
  },
  dedupe_across_senders: {
    breaks: "G2",
    file: `${DAEMON}/inbox/inbox.ts`,
    find: "WHERE mesh = ${mesh} AND sender = ${sender} AND id = ${id}",
    replace: "WHERE mesh = ${mesh} AND id = ${id}"
  },
  stream_number_taken_twice: {
    breaks: "G4",
    file: `${DAEMON}/inbox/streams.ts`,
    find: `if (after > highest) return "out_of_order"`,
    replace: `if (sseq === highest + 2) return "replayed"`
  },
  receipt_unsigned: {
    breaks: "G5",
    file: `${DAEMON}/receipts/receipt_sender.ts`,
    find: "return signReceipt(unsigned, parties, found.identity.device)",
    replace: `return { ...unsigned, sig: "A".repeat(86) }`
  },
  receipt_forgotten: {
    breaks: "G5",
    file: `${DAEMON}/inbox/store_entry.ts`,
    find: `yield* owe(opened.envelope, isStored || put === "duplicate" ? undefined : put)`,
    replace: `if (put !== "duplicate") yield* owe(opened.envelope, isStored ? undefined : put)`
  },
  receipt_lies: {
    breaks: "G5",
    file: `${DAEMON}/inbox/store_entry.ts`,
    find: "yield* owe(entry.envelope, entry.verdict)",
    replace: "yield* owe(entry.envelope)"
  },
  verdict_silent: {
    breaks: "G5",
    file: `${DAEMON}/inbox/store_entry.ts`,
    find: "yield* owe(entry.envelope, entry.verdict)",
    replace: ""
  },
  silence_unnoticed: {
    breaks: "G15",
    file: `${DAEMON}/broker_link/connection.ts`,
    find: "pings.keepAlive, watchSilence(seen)]",
    replace: "pings.keepAlive]"
  },
  log_not_given_back: {
    breaks: "G1",
    file: `${DAEMON}/broker_link/links.ts`,
    find: "yield* giveBack(id, 0)",
    replace: "yield* Effect.void"
  },
  // The broker
  admitted_before_commit: {
    breaks: "G5",
    file: `${BROKER}/logs/admissions.ts`,
    find: "    const outcomes = yield* store.admit(",
    replace:
      `    for (const { from, header: { id }, ref } of batch) from.send({ type: "admitted", ref, id })
    const outcomes = yield* store.admit(`
  },
  number_from_a_sequence: {
    breaks: "G4",
    file: `${BROKER}/store/sqlite/admit_batch.ts`,
    find: "for (const { recipient, seq } of entries) {",
    replace: "for (const { recipient } of entries) {\n    const seq = Number(body)"
  },
  dedupe_across_the_mesh: {
    breaks: "G6",
    file: `${BROKER}/store/sqlite/admit_batch.ts`,
    find: `FROM dedupes WHERE num = ? AND id = ?")
    .all(num, id)`,
    replace: `FROM dedupes WHERE id = ?")
    .all(id)`
  },
  never_deduped: {
    breaks: "G6",
    file: `${BROKER}/store/sqlite/admit_batch.ts`,
    find: "SELECT attempt, commitment FROM dedupes WHERE num = ? AND id = ?",
    replace: "DELETE FROM dedupes WHERE num = ? AND id = ? RETURNING -1 AS attempt, commitment"
  },
  bounds_before_dedupe: {
    breaks: "G6",
    file: `${BROKER}/store/admission_decision.ts`,
    find: "if (before !== undefined) return { type: before }",
    replace: `if (before === "repeated") return { type: "sender_full" }
  if (before !== undefined) return { type: before }`
  },
  fingerprint_of_the_attempt: {
    breaks: "G6",
    file: `${BROKER}/store/admission_decision.ts`,
    find: `if (rows.some(({ commitment }) => commitment !== commit)) return "id_reused"`,
    replace: `if (rows.some((row) => row.attempt !== attempt)) return "id_reused"`
  },
  slow_reader_dropped: {
    breaks: "G1",
    file: `${BROKER}/logs/log_reader.ts`,
    find:
      "if (!isTail || this.#tailBytes + entry.text.length > TAIL_BYTES_MAX) return this.#forgetTail()",
    replace: "if (!this.isOpen) { this.#pushed = entry.seq; return }"
  },
  catch_up_skips: {
    breaks: "G1",
    file: `${BROKER}/logs/log_reader.ts`,
    find: "return { after: this.#pushed, limit,",
    replace: "return { after: this.#pushed + 1, limit,"
  },
  swept_too_early: {
    breaks: "G1",
    file: `${BROKER}/store/sqlite/log_store.ts`,
    find: "WHERE mesh = ? AND device = ? AND seq > ? ORDER BY seq LIMIT CAST(? AS INTEGER)`",
    replace:
      "WHERE mesh = ? AND device = ? AND seq > ? AND seq % 3 != 2 ORDER BY seq LIMIT CAST(? AS INTEGER)`"
  },
  lease_evicts_the_attached: {
    breaks: "G16",
    file: `${BROKER}/presence/roster.ts`,
    find: "    away.delete(presence)\n    changed.add(presence)\n  }\n\n  function lost(",
    replace: "    changed.add(presence)\n  }\n\n  function lost("
  },
  away_is_gone: {
    breaks: "G16",
    file: `${BROKER}/presence/presence.ts`,
    find: "if (this.#leaseEnds > awake) return false",
    replace: "if (this.#leaseEnds - 80_000 > awake) return false"
  }
}
