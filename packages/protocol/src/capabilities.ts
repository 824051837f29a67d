/**
 * What an agent may be limited to, and such a limit as one text, as people type it and an environment
 * carries it: `dm,read`, or `all` for no limit.
 *
 * Apart from everything with a runtime, because small processes read it, too. What is read is judged by the
 * schema of capabilities.
 *
 * @module
 */

/** The table: each capability, and what an agent may do that has it. Another one is one row more. */
export const capabilityTable = {
  /** `messages.send`, and what may still be done about what was sent. */
  dm: "send messages and answers, send again what has ended, take back what has not left",
  /** Whatever carries messages: inbox, outbox, one message, search, what is held, events. */
  read: "read messages: inbox and outbox, one message, by their words, and as they come",
  /** `roster.peers`, the members of a mesh, and pings. */
  peers: "see who belongs to a mesh and who is there, and ping them",
  /** `daemon.shutdown`: it takes the mesh from every other agent of the machine. */
  daemon: "stop the daemon of this machine"
} as const satisfies Record<string, string>

/** The word for no limit. */
const ALL = "all"

/** What stands between the commas; null where it is all. */
export function readCapabilities(text: string): ReadonlyArray<string> | null {
  const words = text.toLowerCase().split(",").map((word) => word.trim())
  return words.length === 1 && words[0] === ALL ? null : words
}

/** The capabilities as one text without blanks, in their order. */
export function capabilitiesText(capabilities: ReadonlyArray<string> | null): string {
  return capabilities === null ? ALL : capabilities.join(",")
}
