/**
 * The `claudemesh` executable: its tree of verbs, for what is generated from it.
 *
 * @module
 */
export { claudemesh } from "./cli/verbs/mod.ts"
