/**
 * Breaks what others send on purpose, the same way for the same number, and says who minds.
 *
 * @module
 */
export * from "./broken_http.ts"
export * from "./campaign.ts"
export * from "./cases.ts"
export * from "./conversation.ts"
export * from "./decoders.ts"
export * from "./hostile_values.ts"
export * from "./quick_draw.ts"
export * from "./reply_flaw.ts"
export * from "./requests.ts"
export * from "./samples.ts"
