/**
 * Every bound that is the broker's own: sockets, queues, rates, intervals. Those of the wire are in `protocol`.
 *
 * They are one reference, so that a test or a composition root changes a row
 * and leaves the rest. The defaults keep an attacked broker small: a socket
 * that has not attached costs at most 64 KB and lives for seconds.
 *
 * @module
 */
import { limits } from "@claudemesh/protocol"
import { Context } from "effect"

/** A row per bound; the name carries the unit. */
export interface BrokerLimitValues {
  /** A connection that has not attached by then is closed. */
  readonly attachMillisMax: number
  /**
   * Silence after which a connection counts as dead: the protocol's 75 s, less what passes until it is
   * looked at and until it is said, so that whoever is dead is shown as away by then.
   */
  readonly deadMillis: number
  /** How often a quiet transport is pinged. */
  readonly pingMillis: number
  /** How often connections are looked over. */
  readonly watchMillis: number
  /** How long a device is away before it is gone. */
  readonly leaseMillis: number
  /** How often changes of presence are announced. */
  readonly presenceMillis: number
  /** How long a device must be away, or back, before others are told. */
  readonly presenceSteadyMillis: number
  /** Entries that may be pushed and not acknowledged; no more than the protocol's, for which devices have room. */
  readonly windowEntriesMax: number
  /** Bytes that may wait in a transport before nothing more is pushed into it or answered on it. */
  readonly bufferedBytesMax: number
  /** How long they may stay there before the connection is closed. */
  readonly stalledMillisMax: number
  /** Bytes with which it is closed at once: news that everybody is told adds to those above. */
  readonly bufferedBytesDropped: number
  /** Frames and bytes that may wait to be handled before the transport is paused. */
  readonly inboxFramesMax: number
  readonly inboxBytesMax: number
  /**
   * What one connection may send over time; more is read later, never refused.
   *
   * Ten times what was first designed, because a `send` frame carries one
   * envelope and was to carry a batch: at 50 a second, a queue of 1,000 messages
   * took 20 s to leave. A frame costs some 0.3 ms, so one connection can take a
   * seventh of a core; to bound memory is `inboxBytesMax`' work, not this.
   */
  readonly framesPerSecond: number
  readonly framesBurst: number
  readonly bytesPerSecond: number
  readonly bytesBurst: number
  /** Bad frames, signatures or acks after which a connection is closed. */
  readonly faultsMax: number
  /**
   * Meshes that one connection may attach to.
   *
   * How many connections a daemon has is not bounded, as the broker cannot know
   * which devices are one daemon's: each (mesh, device) is attached once, the
   * newest wins, and a connection closes with its last attachment.
   */
  readonly attachmentsMax: number
  /** Envelopes that may wait for the store, and how many it takes in one transaction. */
  readonly admissionsQueued: number
  readonly admissionsPerBatch: number
  /**
   * What may lie unread: in one mailbox, from one sender in all mailboxes, in one mesh. An envelope to
   * several counts once for each of them. More is refused with `quota`.
   *
   * A mailbox takes 100,000 messages of a few lines from one sender, and another sender's beside them;
   * none of these bounds is near what a device that reads leaves unread.
   */
  readonly mailboxEntriesMax: number
  readonly mailboxBytesMax: number
  readonly senderBytesMax: number
  readonly meshBytesMax: number
  /** What one mailbox keeps of what was read, for a device that is restored; past it the oldest goes. */
  readonly mailboxReadBytesMax: number
  /** For how long a database server may be away before that is a failure, and by when it has answered or failed. */
  readonly databaseAwayMillisMax: number
  readonly databaseAnswerMillisMax: number
  /** Connections that have not attached: in all, and for each address that is not this machine's own. */
  readonly unattachedMax: number
  readonly unattachedPerAddressMax: number
  readonly connectsPerAddressPerSecond: number
  /** How soon it is written down how far a device has read. */
  readonly cursorMillis: number
  /** How often readers look for what another broker on the same store has admitted. */
  readonly recheckMillis: number
  /** How often expired rows are dropped, and how many in one transaction. */
  readonly sweepMillis: number
  readonly sweepRowsMax: number
  /** What an HTTP request may carry, and how many that carry something are served at once. */
  readonly httpBodyBytesMax: number
  readonly postsMax: number
  /** Requests that found, open or join, from each address that is not this machine's own: over time, and at once. */
  readonly postsPerAddressPerSecond: number
  readonly postsBurst: number
  /** How long a stop waits for connections to close by themselves. */
  readonly stopMillis: number
  /** What clients are told at a stop: when to come back, and over how long to spread. */
  readonly goAwayAfterMillis: number
  readonly goAwayJitterMillis: number
}

const MEGABYTE = 1_048_576

/** The defaults. */
export const defaultBrokerLimits: BrokerLimitValues = {
  attachMillisMax: limits.attachMillisMax,
  deadMillis: limits.deadMillis - 2_000,
  pingMillis: limits.pingMillis,
  watchMillis: 1_000,
  leaseMillis: limits.leaseMillis,
  presenceMillis: 500,
  presenceSteadyMillis: 5_000,
  windowEntriesMax: limits.windowEntriesMax,
  bufferedBytesMax: MEGABYTE,
  stalledMillisMax: 30_000,
  bufferedBytesDropped: 4 * MEGABYTE,
  inboxFramesMax: 64,
  inboxBytesMax: 262_144,
  framesPerSecond: 500,
  framesBurst: 1_000,
  bytesPerSecond: 2 * MEGABYTE,
  bytesBurst: 4 * MEGABYTE,
  faultsMax: 3,
  attachmentsMax: 64,
  admissionsQueued: 2_000,
  admissionsPerBatch: 200,
  mailboxEntriesMax: 250_000,
  mailboxBytesMax: 1_024 * MEGABYTE,
  senderBytesMax: 512 * MEGABYTE,
  meshBytesMax: 4_096 * MEGABYTE,
  mailboxReadBytesMax: 128 * MEGABYTE,
  databaseAwayMillisMax: 3_000,
  databaseAnswerMillisMax: 15_000,
  unattachedMax: 2_000,
  unattachedPerAddressMax: 20,
  connectsPerAddressPerSecond: 5,
  cursorMillis: 250,
  recheckMillis: 10_000,
  sweepMillis: 60_000,
  sweepRowsMax: 500,
  httpBodyBytesMax: MEGABYTE,
  postsMax: 128,
  postsPerAddressPerSecond: 5,
  postsBurst: 40,
  stopMillis: 1_500,
  goAwayAfterMillis: 500,
  goAwayJitterMillis: 5_000
}

/** The bounds in force. */
export const BrokerLimits = Context.Reference<BrokerLimitValues>(
  "@claudemesh/broker/broker_limits/BrokerLimits",
  { defaultValue: () => defaultBrokerLimits }
)
