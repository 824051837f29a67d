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
  /** Silence after which a connection counts as dead. */
  readonly deadMillis: number
  /** How often a quiet transport is pinged. */
  readonly pingMillis: number
  /** How often connections are looked over. */
  readonly watchMillis: number
  /** How long a device is away before it is gone. */
  readonly leaseMillis: number
  /** How long changes of presence are collected: what cancels out within it is never said. */
  readonly presenceMillis: number
  /** Bytes that may wait in a transport before nothing more is pushed into it. */
  readonly bufferedBytesMax: number
  /** How long they may stay there before the connection is closed. */
  readonly stalledMillisMax: number
  /** Frames and bytes that may wait to be handled before the transport is paused. */
  readonly inboxFramesMax: number
  readonly inboxBytesMax: number
  /** What one connection may send over time; more is read later, never refused. */
  readonly framesPerSecond: number
  readonly framesBurst: number
  readonly bytesPerSecond: number
  readonly bytesBurst: number
  /** Bad frames, signatures or acks after which a connection is closed. */
  readonly faultsMax: number
  /** Meshes that one connection may attach to. */
  readonly attachmentsMax: number
  /** Envelopes that may wait for the store, and how many it takes in one transaction. */
  readonly admissionsQueued: number
  readonly admissionsPerBatch: number
  /** Connections that have not attached: in all, and for each address that is not this machine's own. */
  readonly unattachedMax: number
  readonly unattachedPerAddressMax: number
  readonly connectsPerAddressPerSecond: number
  /** How often expired rows are dropped, and how many in one transaction. */
  readonly sweepMillis: number
  readonly sweepRowsMax: number
  /** What an HTTP request may carry. */
  readonly httpBodyBytesMax: number
  /** How long a stop waits for connections to close by themselves. */
  readonly stopMillis: number
  /** What clients are told at a stop: when to come back, and over how long to spread. */
  readonly goAwayAfterMillis: number
  readonly goAwayJitterMillis: number
}

const MEGABYTE = 1_048_576

/** The defaults. A `send` frame carries one envelope, so that frames per second are messages per second. */
export const defaultBrokerLimits: BrokerLimitValues = {
  attachMillisMax: limits.attachMillisMax,
  deadMillis: limits.deadMillis,
  pingMillis: limits.pingMillis,
  watchMillis: 1_000,
  leaseMillis: limits.leaseMillis,
  presenceMillis: 500,
  bufferedBytesMax: MEGABYTE,
  stalledMillisMax: 30_000,
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
  unattachedMax: 2_000,
  unattachedPerAddressMax: 20,
  connectsPerAddressPerSecond: 5,
  sweepMillis: 600_000,
  sweepRowsMax: 2_000,
  httpBodyBytesMax: MEGABYTE,
  stopMillis: 1_500,
  goAwayAfterMillis: 500,
  goAwayJitterMillis: 5_000
}

/** The bounds in force. */
export const BrokerLimits = Context.Reference<BrokerLimitValues>(
  "@claudemesh/broker/broker_limits/BrokerLimits",
  { defaultValue: () => defaultBrokerLimits }
)
