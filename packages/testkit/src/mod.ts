/**
 * The harness for contributors: meshes, messages and randomness that one seed makes again.
 *
 * @module
 */
export * from "./crafted_message.ts"
export * from "./made_mesh.ts"
export * from "./made_message.ts"
export * from "./mutations.ts"
export * from "./outcome.ts"
export * from "./real_process.ts"
export * from "./seeded_bytes.ts"
