/**
 * The harness for contributors: meshes, messages and randomness that one seed makes again.
 *
 * @module
 */
export * from "./byte_exchange.ts"
export * from "./crafted_message.ts"
export * from "./fault_proxy.ts"
export * from "./http_exchange.ts"
export * from "./kept_log.ts"
export * from "./link_faults.ts"
export * from "./made_mesh.ts"
export * from "./made_message.ts"
export * from "./mutations.ts"
export * from "./outcome.ts"
export { withoutPostgres } from "./postgres_binaries.ts"
export * from "./real_process.ts"
export * from "./seeded_bytes.ts"
export * from "./settled_heap.ts"
export * from "./small_disk.ts"
export * from "./temporary_postgres.ts"
