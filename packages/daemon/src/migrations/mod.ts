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

/** By `<id>_<name>`, run in the order of ids. */
export const migrations: Migrations.MigrationList = {
  "1_create_delivery": createDelivery,
  "2_create_sessions": createSessions,
  "3_create_delays": createDelays,
  "4_index_ids": indexIds,
  "5_index_ended": indexEnded
}
