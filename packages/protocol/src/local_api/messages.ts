/**
 * The local API, group `messages`: sending, and what became of what was sent or received.
 *
 * A send is accepted (202) only once it is committed to disk. The same id or key with the same words to
 * the same devices is one message, however often it is sent.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Count, Millis } from "../encodings.ts"
import { ErrorCode, RefusedOverHttp } from "../errors.ts"
import { DeviceId, MemberId, MeshId, MessageId, Name, SessionId } from "../ids.ts"
import { Carrier, HeldReason, Priority, ReceiptStage } from "../vocabulary.ts"
import { Takes } from "./caller.ts"
import { MeshRef } from "./meshes.ts"
import { limitOf, pageSizes } from "./pages.ts"

/** What to say to whom. */
export const SendMessage = Schema.Struct({
  mesh: MeshRef,
  /** `name`, `@name`, `name@device`, or an id prefix of 6 or more. */
  to: Schema.String,
  text: Schema.String,
  subject: Schema.optionalKey(Schema.String),
  priority: Schema.optionalKey(Priority),
  /** Id, or prefix of 6 or more, of a message this one answers. */
  reply_to: Schema.optionalKey(Schema.String),
  ttl_ms: Schema.optionalKey(Schema.Int),
  /** Makes the send repeatable: the same id with the same words gives the same answer. */
  id: Schema.optionalKey(MessageId)
})
export type SendMessage = typeof SendMessage.Type

/** A caller's own name for one send: visible ASCII, spaces between it. */
export const IdempotencyKey = Schema.String.check(
  Schema.isPattern(/^[!-~](?:[ -~]{0,198}[!-~])?$/, {
    expected: "a key of 1 to 200 printable ASCII characters"
  })
)

/** How far a message is: the recipient's stages, and before them ours and the broker's. */
export const MessageState = Schema.Literals([
  "queued",
  "admitted",
  ...ReceiptStage.literals,
  "expired",
  "aborted"
])
export type MessageState = typeof MessageState.Type

/** How far it is with one recipient device, with the times of the steps so far. */
export const RecipientStatus = Schema.Struct({
  name: Schema.String,
  /** Absent while the membership log is not here. */
  member_id: Schema.optionalKey(MemberId),
  device_id: DeviceId,
  state: MessageState,
  reason: Schema.optionalKey(ErrorCode),
  /** By what it reached the agent, once it is surfaced. */
  carrier: Schema.optionalKey(Carrier),
  /** Why it waits for a human there, while it is held. */
  held_because: Schema.optionalKey(HeldReason),
  steps: Schema.Array(Schema.Struct({ state: MessageState, at: Millis }))
})
export type RecipientStatus = typeof RecipientStatus.Type

/** A message this machine sent, and how far it is. */
export const SentMessage = Schema.Struct({
  direction: Schema.tag("sent"),
  id: MessageId,
  mesh: MeshId,
  mesh_name: Schema.String,
  to: Schema.String,
  subject: Schema.optionalKey(Schema.String),
  text: Schema.String,
  priority: Priority,
  reply_to: Schema.optionalKey(MessageId),
  accepted_at: Millis,
  expires_at: Millis,
  /** The least that holds for every recipient. */
  state: MessageState,
  recipients: Schema.Array(RecipientStatus),
  /** The message that was sent in its place, after it had ended. */
  superseded_by: Schema.optionalKey(MessageId),
  /** The message that it was sent in place of. */
  supersedes: Schema.optionalKey(MessageId)
})
export type SentMessage = typeof SentMessage.Type

/**
 * The answers to a send that was accepted: a new message (202), one that was accepted before and is not
 * at the broker yet (202), one that is (200).
 */
const SendAnswers = [
  Schema.Struct({ ...SentMessage.fields, duplicate: Schema.Literal(false) }).pipe(
    HttpApiSchema.status(202)
  ),
  Schema.Struct({
    ...SentMessage.fields,
    duplicate: Schema.Literal(true),
    state: Schema.Literal("queued")
  }).pipe(HttpApiSchema.status(202)),
  Schema.Struct({ ...SentMessage.fields, duplicate: Schema.Literal(true) })
] as const

/** What a send is answered; `duplicate` says that the message had been accepted before. */
export const SendAnswer = Schema.Union(SendAnswers)
export type SendAnswer = typeof SendAnswer.Type

/** A message this machine received. */
export const ReceivedMessage = Schema.Struct({
  direction: Schema.tag("received"),
  id: MessageId,
  mesh: MeshId,
  mesh_name: Schema.String,
  from: Schema.String,
  /** Absent while the membership log is not here. */
  from_member_id: Schema.optionalKey(MemberId),
  from_device_id: DeviceId,
  /** The agent run that wrote it, as the sender's device calls it. */
  from_session: Schema.optionalKey(Schema.Struct({ id: SessionId, name: Name })),
  /** The agent run of this machine that it is addressed to. */
  to_session: Schema.optionalKey(SessionId),
  subject: Schema.optionalKey(Schema.String),
  text: Schema.String,
  priority: Priority,
  reply_to: Schema.optionalKey(MessageId),
  sent_at: Millis,
  received_at: Millis,
  read: Schema.Boolean,
  /** How many of the same sender's, right before it, ended on their way: expired, refused or withdrawn. */
  missing_before: Schema.optionalKey(Count)
})
export type ReceivedMessage = typeof ReceivedMessage.Type

/** Names one received message: two senders may have used the same id. */
export const InboxKey = Schema.Struct({ mesh: MeshId, from_device_id: DeviceId, id: MessageId })
export type InboxKey = typeof InboxKey.Type

/** A page of the inbox, oldest first. */
export const InboxPage = Schema.Struct({
  items: Schema.Array(ReceivedMessage),
  /** How many are unread of the mesh and the sender that were asked for, on this page or not. */
  unread: Count,
  /** Whether older ones match too. */
  more: Schema.Boolean,
  /** How many of them wait for the user first, and are kept from the agent that asks; absent where none do. */
  held: Schema.optionalKey(Count)
})
export type InboxPage = typeof InboxPage.Type

/** Sending, and what became of what was sent or received. */
export const MessagesApi = HttpApiGroup.make("messages").add(
  HttpApiEndpoint.post("send", "/v1/messages", {
    headers: {
      /** Makes the send repeatable under a name of the caller's: the same key is one message. */
      "idempotency-key": Schema.optionalKey(IdempotencyKey)
    },
    payload: SendMessage,
    success: SendAnswers,
    error: RefusedOverHttp
  }).annotate(Takes, "dm"),
  HttpApiEndpoint.get("show", "/v1/messages/:id", {
    params: { id: Schema.String },
    /** Of several messages of one id, ours is meant, unless it is said here whose. */
    query: {
      /** Decides between messages of one id; absent, of all meshes. */
      mesh: Schema.optionalKey(Schema.String),
      direction: Schema.optionalKey(Schema.Literals(["sent", "received"])),
      /** Only what was received of that peer. */
      from: Schema.optionalKey(Schema.String)
    },
    success: Schema.Union([SentMessage, ReceivedMessage]),
    error: RefusedOverHttp
  }).annotate(Takes, "read"),
  HttpApiEndpoint.get("inbox", "/v1/inbox", {
    query: {
      mesh: MeshRef,
      /** Only what was not read. */
      unread: Schema.optionalKey(Schema.Boolean),
      /** Only what that peer wrote. */
      from: Schema.optionalKey(Schema.String),
      /** Only what was received since then. */
      since: Schema.optionalKey(Millis),
      /** Only what came before that message: id, or prefix of 6 or more. */
      before: Schema.optionalKey(Schema.String),
      /** The newest so many: 20 unless told otherwise, 500 at most. */
      limit: limitOf(pageSizes.inbox)
    },
    success: InboxPage,
    error: RefusedOverHttp
  }).annotate(Takes, "read"),
  HttpApiEndpoint.post("read", "/v1/inbox/read", {
    payload: Schema.Struct({
      messages: Schema.Array(InboxKey),
      /**
       * Their texts were printed for the agent that asks. Those that it is to be shown are surfaced with that, by
       * `poll`, and read; any other stays as it is.
       */
      printed: Schema.optionalKey(Schema.Boolean)
    }),
    success: Schema.Struct({ changed: Count }),
    error: RefusedOverHttp
  }).annotate(Takes, "read"),
  HttpApiEndpoint.post("readAll", "/v1/inbox/read-all", {
    payload: Schema.Struct({ mesh: MeshRef, from: Schema.optionalKey(Schema.String) }),
    success: Schema.Struct({ changed: Count }),
    error: RefusedOverHttp
  }).annotate(Takes, "read")
)
