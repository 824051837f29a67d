/**
 * Every bound that two processes must agree on. The name carries the unit.
 *
 * Where a number comes from measurement or another system, `docs/protocol.md` says so.
 *
 * @module
 */

const DAY_MILLIS = 86_400_000

/** Bounds of the wire, of messages and of time. */
export const limits = {
  /** One WebSocket message. */
  frameBytesMax: 65_536,
  /** One envelope as JSON. Smaller than a frame, so that a push, which says more than a send, still carries it. */
  envelopeBytesMax: 65_024,
  /** Nesting of a frame: what is deeper is refused before it is parsed. */
  jsonDepthMax: 32,
  /** Text of one message in UTF-8; more travels as a blob (a later stage). */
  contentBytesMax: 32_768,
  /** Canonical meta of a message. */
  metaBytesMax: 4_096,
  subjectCharactersMax: 200,
  /** Sizes a plaintext is padded to, so that a broker learns little from lengths. The largest still fits a frame. */
  padBytes: [256, 1_024, 4_096, 16_384, 40_960],
  /** Devices of one envelope. The frame size bounds it further. */
  recipientsMax: 500,
  /** Characters of an id that stand for it. */
  idPrefixMin: 6,
  /** Statements and receipts of one frame or envelope. */
  statementsPerFrameMax: 16,
  receiptsPerEnvelopeMax: 32,
  /** One statement in canonical form. */
  statementBytesMax: 8_192,
  /** Entries and bytes pushed on one log and not yet acknowledged. */
  windowEntriesMax: 64,
  windowBytesMax: 262_144,
  /** A message that has not arrived by then has expired. */
  ttlMillisDefault: 7 * DAY_MILLIS,
  ttlMillisMax: 7 * DAY_MILLIS,
  /** A call between daemons that was not answered by then is over. */
  callMillisMax: 20_000,
  /** For how long a broker remembers what it admitted. */
  dedupeMillis: 30 * DAY_MILLIS,
  /** A connection that does not attach by then is closed. */
  attachMillisMax: 5_000,
  pingMillis: 25_000,
  deadMillis: 75_000,
  /** A device whose connection is lost is away for this long before it is gone. */
  leaseMillis: 90_000,
  /** How far the time of a new statement may be from the broker's clock. */
  statementSkewMillisMax: 600_000,
  inviteMillisDefault: DAY_MILLIS,
  inviteMillisMax: 30 * DAY_MILLIS,
  inviteUsesMax: 1_000
} as const
