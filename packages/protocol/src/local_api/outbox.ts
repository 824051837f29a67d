/**
 * The local API, group `outbox`: what this machine has accepted to send, and what may be done with it.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Count, Millis } from "../encodings.ts"
import { ErrorCode, RefusedOverHttp } from "../errors.ts"
import { MessageId } from "../ids.ts"
import { Takes } from "./caller.ts"
import { Link } from "./daemon.ts"
import { MeshRef } from "./meshes.ts"
import { SentMessage } from "./messages.ts"
import { limitOf, pageSizes } from "./pages.ts"

/**
 * How far an accepted message is as a whole. Delivered: all recipients have answered, and one has it.
 * Dead: it was refused for good. Aborted: a person took it back, or sent another one in its place.
 */
export const OutboxState = Schema.Literals([
  "pending",
  "sending",
  "admitted",
  "delivered",
  "dead",
  "expired",
  "aborted"
])
export type OutboxState = typeof OutboxState.Type

/**
 * What a message on its way waits for: its mesh to be connected; one before it, to the same device;
 * the time of its next attempt; its turn; the broker's answer; or a recipient's device.
 */
export const WaitsFor = Schema.Literals([
  "link",
  "earlier",
  "retry",
  "turn",
  "broker",
  "recipient"
])
export type WaitsFor = typeof WaitsFor.Type

/** A message of the outbox: how far it is with each recipient, and why it is no further. */
export const OutboxEntry = Schema.Struct({
  ...SentMessage.fields,
  outbox_state: OutboxState,
  /** Why it ended as it did. */
  reason: Schema.optionalKey(ErrorCode),
  /** Absent if it waits for nothing. */
  waits_for: Schema.optionalKey(WaitsFor),
  /** The message that goes first. */
  behind: Schema.optionalKey(MessageId),
  /**
   * How often it had to be tried again: sealed once more, or refused for now. Refusals are counted in a row,
   * and no more once a broker has it.
   */
  attempts: Count,
  /** Why it had to be, the last time; absent where nobody refused it, or a broker has it since. */
  last_error: Schema.optionalKey(ErrorCode),
  next_attempt_at: Schema.optionalKey(Millis),
  /** Whether it can still be taken back: it was never handed to a broker that may have it. */
  cancellable: Schema.Boolean,
  link: Link
})
export type OutboxEntry = typeof OutboxEntry.Type

/** A page of the outbox, oldest first. */
export const OutboxPage = Schema.Struct({
  items: Schema.Array(OutboxEntry),
  /** Whether older ones match too. */
  more: Schema.Boolean,
  /** How many have ended without arriving, and were neither sent again nor removed since. */
  failed: Count
})
export type OutboxPage = typeof OutboxPage.Type

const OneMessage = { id: Schema.String }
/** Decides between messages of one id; absent, of all meshes. */
const OfMesh = { mesh: Schema.optionalKey(Schema.String) }

/** What this machine has accepted to send, and what may be done with it. */
export const OutboxApi = HttpApiGroup.make("outbox").add(
  HttpApiEndpoint.get("list", "/v1/outbox", {
    query: {
      mesh: MeshRef,
      /** Only in that state; absent, what is on its way. */
      state: Schema.optionalKey(OutboxState),
      /** In any state; refused beside one that is named. */
      all: Schema.optionalKey(Schema.Boolean),
      /** The newest so many: 50 unless told otherwise, 500 at most. */
      limit: limitOf(pageSizes.outbox)
    },
    success: OutboxPage,
    error: RefusedOverHttp
  }).annotate(Takes, "read"),
  HttpApiEndpoint.get("show", "/v1/outbox/:id", {
    params: OneMessage,
    query: OfMesh,
    success: OutboxEntry,
    error: RefusedOverHttp
  }).annotate(Takes, "read"),
  /** Sends what has ended once more, under a new id, to those who have not signed for it. */
  HttpApiEndpoint.post("requeue", "/v1/outbox/:id/requeue", {
    params: OneMessage,
    query: OfMesh,
    success: OutboxEntry,
    error: RefusedOverHttp
  }).annotate(Takes, "dm"),
  /** Takes back what has not left. */
  HttpApiEndpoint.post("cancel", "/v1/outbox/:id/cancel", {
    params: OneMessage,
    query: OfMesh,
    success: OutboxEntry,
    error: RefusedOverHttp
  }).annotate(Takes, "dm")
)
