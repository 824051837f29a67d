/**
 * The one place that names a cryptographic library: hash, sign, seal, and the bytes they work on.
 *
 * @module
 */
export * from "./bytes.ts"
export * from "./canonical_json.ts"
export * from "./hash.ts"
export * from "./seal.ts"
export * from "./sign.ts"
