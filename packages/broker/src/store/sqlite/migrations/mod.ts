/**
 * The list of migrations, in the order they run. One that has shipped is never edited.
 *
 * @module
 */
import type { Migrations } from "@claudemesh/sqlite"
import { createStore } from "./0001_create_store.ts"
import { noteRuns } from "./0002_note_runs.ts"
import { boundMailboxes } from "./0003_bound_mailboxes.ts"

export const migrations: Migrations.MigrationList = {
  "1_create_store": createStore,
  "2_note_runs": noteRuns,
  "3_bound_mailboxes": boundMailboxes
}
