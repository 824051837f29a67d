/**
 * The deterministic harness: a whole mesh of real programs in one process, run again from one number.
 *
 * @module
 */
export * from "./chance.ts"
export * from "./check.ts"
export * from "./connection.ts"
export * from "./disk.ts"
export * from "./history.ts"
export * from "./network.ts"
export * from "./parts.ts"
export * from "./plan.ts"
export * from "./play.ts"
export * from "./process.ts"
export * from "./ready_tasks.ts"
export * from "./run.ts"
export * from "./shrink.ts"
export * from "./timeline.ts"
export * from "./trace.ts"
