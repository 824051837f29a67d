/**
 * The list of migrations, in the order they run. One that has shipped is never edited.
 *
 * Brokers of two versions work on one schema while they are replaced, so each
 * migration either only adds (*expand*), or takes away what the version before
 * has stopped using (*contract*). One that the version before cannot live with
 * raises `schema_floor` to its own number.
 *
 * @module
 */
import type { Migrations } from "@claudemesh/sqlite"
import { createStore } from "./0001_create_store.ts"
import { widenAttempts } from "./0002_widen_attempts.ts"

export const migrations: Migrations.MigrationList = {
  "1_create_store": createStore,
  "2_widen_attempts": widenAttempts
}
