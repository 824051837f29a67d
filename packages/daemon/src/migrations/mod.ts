/**
 * Lists the migrations of the daemon's database; one that has shipped is never edited.
 *
 * @module
 */
import type { Migrations } from "@claudemesh/sqlite"
import { createDelivery } from "./0001_create_delivery.ts"
import { createSessions } from "./0002_create_sessions.ts"

/** By `<id>_<name>`, run in the order of ids. */
export const migrations: Migrations.MigrationList = {
  "1_create_delivery": createDelivery,
  "2_create_sessions": createSessions
}
