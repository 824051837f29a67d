/**
 * Tells a human's word from what the client puts into the agent's mind by itself.
 *
 * The prompt hook fires for both: for what peers say, for what a background task or a hook came to, and for
 * what a person typed.
 *
 * @module
 */

/** What opens a prompt that nobody typed. */
const OF_MACHINE = /^\s*(?:<task-notification\b|<system-reminder\b)/

/** What a peer says; the client may put a line of its own before it. */
const OF_PEER = /^\s*<cross-session-message\b/m

/** Whether a person has typed it, as far as can be told: in doubt, nobody has. */
export function isHumanPrompt(prompt: string): boolean {
  return prompt.trim() !== "" && !OF_MACHINE.test(prompt) && !OF_PEER.test(prompt)
}
