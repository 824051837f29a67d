/**
 * A real Claude Code client on this machine, with a script in the place of the model.
 *
 * The client runs in an isolated home and speaks to nobody but the scripted API
 * on loopback. What the API was asked is what the model would have read, so a
 * test says what reached the agent by what stands in a request.
 *
 * @module
 */
export * from "./api_request.ts"
export { CLAUDE_VERSION, fetchClaude, findClaude, withoutClaude } from "./claude_binary.ts"
export * from "./claude_client.ts"
export * from "./claude_home.ts"
export type { Gate } from "./gates.ts"
export type { Script, Scripts } from "./script.ts"
export * from "./scripted_api.ts"
export * from "./shown_text.ts"
export type { Key, TerminalProcess } from "./terminal_process.ts"
export * from "./turn.ts"
