/**
 * Lists the migrations of the daemon's database; one that has shipped is never edited.
 *
 * @module
 */
import type { Migrations } from "@claudemesh/sqlite"
import { createDelivery } from "./0001_create_delivery.ts"
import { createSessions } from "./0002_create_sessions.ts"
import { createDelays } from "./0003_create_delays.ts"
import { indexIds } from "./0004_index_ids.ts"
import { indexEnded } from "./0005_index_ended.ts"
import { reviseOutbox } from "./0006_revise_outbox.ts"
import { createIdempotencyKeys } from "./0007_create_idempotency_keys.ts"
import { measureOutbox } from "./0008_measure_outbox.ts"
import { keepOrder } from "./0009_keep_order.ts"
import { createIncomingCalls } from "./0010_create_incoming_calls.ts"
import { indexWords } from "./0011_index_words.ts"
import { createMailboxes } from "./0012_create_mailboxes.ts"
import { createSurfacings } from "./0013_create_surfacings.ts"
import { describeSessions } from "./0014_describe_sessions.ts"
import { limitSessions } from "./0015_limit_sessions.ts"

/** By `<id>_<name>`, run in the order of ids. */
export const migrations: Migrations.MigrationList = {
  "1_create_delivery": createDelivery,
  "2_create_sessions": createSessions,
  "3_create_delays": createDelays,
  "4_index_ids": indexIds,
  "5_index_ended": indexEnded,
  "6_revise_outbox": reviseOutbox,
  "7_create_idempotency_keys": createIdempotencyKeys,
  "8_measure_outbox": measureOutbox,
  "9_keep_order": keepOrder,
  "10_create_incoming_calls": createIncomingCalls,
  "11_index_words": indexWords,
  "12_create_mailboxes": createMailboxes,
  "13_create_surfacings": createSurfacings,
  "14_describe_sessions": describeSessions,
  "15_limit_sessions": limitSessions
}
