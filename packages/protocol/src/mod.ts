/**
 * Everything two processes must agree on: ids, limits, errors, statements and their fold, envelopes, frames.
 *
 * Pure: no socket, no file, no clock, no chance of its own.
 *
 * @module
 */
export * from "./attach.ts"
export * from "./broker_api.ts"
export * from "./calls.ts"
export * from "./encodings.ts"
export * from "./envelope.ts"
export * from "./errors.ts"
export * from "./frames.ts"
export * from "./ids.ts"
export * from "./invites.ts"
export * from "./json_text.ts"
export * from "./key_ids.ts"
export * from "./limits.ts"
export * from "./make_statements.ts"
export * from "./membership.ts"
export * from "./membership_fold.ts"
export * from "./open_envelope.ts"
export * from "./plaintext.ts"
export * from "./prekeys.ts"
export * from "./presence.ts"
export * from "./receipts.ts"
export * from "./seal_envelope.ts"
export * from "./statements.ts"
export * from "./version.ts"
export * from "./vocabulary.ts"
