/**
 * The fault catalogue as far as the simulator is to play it: what goes wrong, and what is expected.
 *
 * Entries without a scenario say where they are covered instead, or what they
 * wait for. Numbers are never given to another fault.
 *
 * @module
 */

/** One entry. */
export interface CatalogueEntry {
  readonly fault: string
  readonly expected: string
  /** Where else it is covered, or what is not there yet that it needs. */
  readonly elsewhere?: string
}

const SEVERAL_BROKERS = "several brokers on one store are not built yet"
const STATEMENTS = "roles, devices and channels are not built yet"
const SESSIONS = "carriers that hand messages to agents are not built yet"

/** The table. */
export const catalogue = {
  P1: {
    fault: "daemon killed before outbox commit",
    expected: "caller gets no answer; nothing sent"
  },
  P2: {
    fault: "daemon killed after commit, before send",
    expected: "sent after restart, once"
  },
  P3: {
    fault: "daemon killed after admit, before storing it",
    expected: "the broker gives the first answer again; one message"
  },
  P4: {
    fault: "broker killed between its commit and the `admitted` reply",
    expected: "sender retries; same id, same slots"
  },
  P5: {
    fault: "broker killed after push, before the ack is stored",
    expected: "redelivered, deduped"
  },
  P6: {
    fault: "recipient killed after decrypt, before inbox commit",
    expected: "no ack sent; redelivered"
  },
  P7: {
    fault: "recipient killed after inbox commit, before ack",
    expected: "redelivered, deduped, acked"
  },
  P8: {
    fault: "recipient killed between inbox commit and receipt",
    expected: "receipt sent after restart"
  },
  P9: {
    fault: "push pipe or session process killed after push",
    expected: "stays unsurfaced; drained by the next hook",
    elsewhere: SESSIONS
  },
  P10: {
    fault: "broker stopped for 120 s, then resumed",
    expected: "fenced; its pushes and acks ignored; no duplicate inbox row",
    elsewhere: `for one broker; ${SEVERAL_BROKERS}`
  },
  P16: {
    fault: "power loss, sender machine",
    expected: "accepted sends present after boot"
  },
  P17: {
    fault: "power loss, broker machine",
    expected: "committed rows present; if the disk lied: senders offer again, no loss"
  },
  P18: {
    fault: "broker database deleted",
    expected: "membership log given back; un-receipted sends offered again; devices re-attach"
  },
  P19: {
    fault: "laptop sleeps for long",
    expected: "reconnect, drain in order, expired ones have verdicts"
  },
  P20: {
    fault: "machine image cloned with keys",
    expected:
      "second incarnation fenced, both owners told, sends blocked until the device is made anew",
    elsewhere: "the fencing; making a device anew is not built yet"
  },
  P21: {
    fault: "home restored from an old backup",
    expected: "inbox refilled; a floor from the broker prevents the reuse of stream numbers"
  },
  P24: {
    fault: "event loop blocked for 10 s",
    expected: "no false eviction"
  },
  N1: { fault: "partition sender–broker", expected: "queue locally" },
  N2: {
    fault: "partition broker–recipient",
    expected: "log holds; sender sees admitted, not inboxed"
  },
  N3: {
    fault: "one-way partition",
    expected: "ping timeout, reconnect; no livelock"
  },
  N4: { fault: "half-open connection", expected: "detected within 75 s by either side" },
  N5: { fault: "frame duplicated", expected: "deduped" },
  N6: {
    fault: "old request arrives after a newer attachment",
    expected: "the number of the attachment rejects it"
  },
  N7: { fault: "reorder across reconnect", expected: "order of acceptance kept" },
  N8: {
    fault: "flapping link, 100 times a minute",
    expected: "backoff with jitter; no presence flap"
  },
  N10: {
    fault: "slow reader",
    expected: "window closes; broker memory flat; later closed and resumed"
  },
  N15: {
    fault: "wake bus down or dropping everything",
    expected: "delivery by sweep",
    elsewhere: SEVERAL_BROKERS
  },
  N16: {
    fault: "wake bus duplicates or delays",
    expected: "harmless",
    elsewhere: SEVERAL_BROKERS
  },
  N17: {
    fault: "one broker says admitted, the client moves to another",
    expected: "same answer",
    elsewhere: SEVERAL_BROKERS
  },
  D1: {
    fault: "outbox disk full",
    expected: "refused before accept; nothing half-written"
  },
  D2: {
    fault: "inbox disk full",
    expected: "no ack; message stays in the broker"
  },
  D3: {
    fault: "failing disk at a commit",
    expected: "nothing assumed: what did not commit did not happen",
    elsewhere: "the real database too: `packages/sqlite/src`"
  },
  D4: {
    fault: "database file damaged",
    expected: "quarantined, started clean, given again what others hold; loud",
    elsewhere: "finding the damage: `packages/daemon/src/database_test.ts`, `packages/sqlite/src`"
  },
  D9: {
    fault: "database fails in the middle of a transaction",
    expected: "retry; commit-unknown resolved by the dedupe row"
  },
  D10: {
    fault: "failover to a standby that lacks seconds",
    expected: "another `store_epoch`, offered again; no loss, no duplicate"
  },
  D13: {
    fault: "deadlock or serialization failure",
    expected: "retried; ordered lock acquisition",
    elsewhere: "`packages/broker/src/store/postgres` and its conformance suite"
  },
  D14: {
    fault: "long transaction holds back visibility",
    expected: "no reader gap, because of the locked counter",
    elsewhere: "`packages/broker/src/store/postgres` and its conformance suite"
  },
  D16: { fault: "database clock jumps back an hour", expected: "no effect on order or dedupe" },
  D17: {
    fault: "retention deletes rows that are still needed",
    expected: "impossible by predicate"
  },
  D18: {
    fault: "dedupe row expired while the sender still retries",
    expected: "the sender gives up long before"
  },
  D19: { fault: "sequence overflow or gap", expected: "a gap is a tombstone only" },
  A1: { fault: "recorded attach replayed", expected: "fails: single-use nonce" },
  A2: {
    fault: "attach relayed by an evil broker to the real one",
    expected: "fails: the broker's origin is signed"
  },
  A3: {
    fault: "session name claimed by another device",
    expected: "refused",
    elsewhere: SESSIONS
  },
  A9: {
    fault: "ciphertext moved to another recipient",
    expected: "rejected: recipients are in the signed header"
  },
  A11: {
    fault: "old message given again",
    expected: "rejected by its id, and by the floor of its stream",
    elsewhere: "the floor: `packages/daemon/src/inbox/streams_test.ts`"
  },
  A12: { fault: "prekey gone", expected: "retryable verdict; sealed again under the same id" },
  A14: {
    fault: "sender's membership ends between admit and delivery",
    expected: "delivered if admitted before; else a verdict"
  },
  A15: { fault: "post with an old key epoch", expected: "refused", elsewhere: STATEMENTS },
  A16: {
    fault: "membership log truncated, forked or reordered",
    expected: "flagged",
    elsewhere: STATEMENTS
  },
  A17: { fault: "invite used too often", expected: "as often as it may", elsewhere: STATEMENTS },
  A19: { fault: "joiner's key swapped by the broker", expected: "refused", elsewhere: STATEMENTS },
  A22: { fault: "removed admin acts with old rights", expected: "refused", elsewhere: STATEMENTS },
  L9: { fault: "two agents ping-pong", expected: "paused", elsewhere: SESSIONS },
  L11: { fault: "agent idle or busy", expected: "listed as unsurfaced", elsewhere: SESSIONS },
  T1: {
    fault: "clocks ten years wrong, or jumping",
    expected: "leases by monotonic clock; nothing lost"
  },
  T2: { fault: "leap second, daylight saving", expected: "none" },
  T3: { fault: "rate limit hit, then retry of an admitted id", expected: "the first answer again" },
  T4: {
    fault: "store of rate limits down",
    expected: "members go on",
    elsewhere: "rates are kept in memory: there is no such store"
  },
  T5: { fault: "storage quota reached", expected: "verdict `quota`, not silent" },
  G6: { fault: "the same request many times", expected: "the same answer, one message" },
  G11: { fault: "recorded frames sent again", expected: "no second effect" },
  G23: { fault: "wrong clocks", expected: "only times to live and display depend on them" }
} satisfies Readonly<Record<string, CatalogueEntry>>

/** The number of an entry. */
export type CatalogueId = keyof typeof catalogue
