/**
 * One connection's transport as the broker uses it: the port that a simulator replaces.
 *
 * Nothing here blocks: what cannot leave at once waits in the transport, and
 * `bufferedBytes` says how much does. After `close` nothing more is sent.
 *
 * @module
 */

/** The far end of a connection. */
export interface Link {
  /** Sends one text message. */
  readonly send: (text: string) => void
  /** Says why and closes; what was sent before still arrives. */
  readonly close: (code: number, reason: string) => void
  /** Drops the connection at once. */
  readonly terminate: () => void
  /** Bytes that wait to leave. */
  readonly bufferedBytes: () => number
  /** Stops reading; the sender then waits, and nothing is lost. */
  readonly pause: () => void
  readonly resume: () => void
  /** Asks the transport at the far end for a sign of life; it comes as `Connection.heard`. */
  readonly ping: () => void
}
