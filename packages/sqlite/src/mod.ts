/**
 * The door to SQLite: Effect's SQL client over `node:sqlite`, and what must happen around it.
 *
 * A process that owns a database does four things, in this order: takes the directory's lock
 * (`ProcessLock`), looks at the file before opening it (`Quarantine`), opens it (`SqliteClient`),
 * brings its schema up to date (`Migrations`).
 *
 * @module
 */
export * as SqliteClient from "./client.ts"
export { Database, type Prepare } from "./database.ts"
export * as Migrations from "./migrations.ts"
export * as ProcessLock from "./process_lock.ts"
export * as Quarantine from "./quarantine.ts"
export { type StorageFault, storageFault } from "./sqlite_error.ts"
