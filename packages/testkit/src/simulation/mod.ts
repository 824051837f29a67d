/**
 * The deterministic harness: a whole mesh of real programs in one process, run again from one number.
 *
 * @module
 */
export * from "./aimed_acts.ts"
export * from "./chance.ts"
export * from "./check.ts"
export * from "./connection.ts"
export * from "./crash_points.ts"
export * from "./disk.ts"
export * from "./disk_database.ts"
export * from "./history.ts"
export * from "./moments.ts"
export * from "./names.ts"
export * from "./network.ts"
export * from "./parts.ts"
export * from "./plan.ts"
export * from "./play.ts"
export * from "./process.ts"
export * from "./ready_tasks.ts"
export * from "./run.ts"
export * from "./scenario.ts"
export * from "./scenarios/mod.ts"
export * from "./shrink.ts"
export * from "./steps.ts"
export * from "./timeline.ts"
export * from "./trace.ts"
export * from "./world.ts"
