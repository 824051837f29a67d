/**
 * The local API, group `surfacing`: which messages an agent run is to be shown, and what became of each.
 *
 * The push pipe of a session reads its feed and reports evidence. A stage is
 * reported only where the place it names has shown it: that something was
 * written to a carrier is `posted`, and nobody else is told of it.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Count, Millis } from "../encodings.ts"
import { RefusedOverHttp } from "../errors.ts"
import { SessionId } from "../ids.ts"
import { Carrier, HeldReason } from "../vocabulary.ts"
import { ChangesTrust, Takes } from "./caller.ts"
import { MeshRef } from "./meshes.ts"
import { InboxKey, ReceivedMessage } from "./messages.ts"
import { Session } from "./sessions.ts"

/**
 * What a session is told: itself first and whenever it changes, the messages that it is to be shown in
 * the order in which they came, and those that it was or is not to be shown any more.
 */
export const FeedEvent = Schema.Union([
  Schema.Struct({ type: Schema.tag("session"), session: Session }),
  Schema.Struct({
    type: Schema.tag("message"),
    message: ReceivedMessage,
    /** It was handed to a carrier before, and nobody knows whether it arrived. */
    posted: Schema.Boolean,
    /** Nobody here knows its sender: it is not for an agent that acts without asking a human first. */
    stranger: Schema.Boolean
  }),
  Schema.Struct({ type: Schema.tag("withdrawn"), message: InboxKey })
]).pipe(Schema.toTaggedUnion("type"))
export type FeedEvent = typeof FeedEvent.Type

/** How far a message is in a session: handed over, taken by the client, in front of the model. */
export const SurfacingStage = Schema.Literals(["posted", "surfaced", "in_context"])
export type SurfacingStage = typeof SurfacingStage.Type

/** What was seen of one message; what its client holds back says so. */
export const Evidence = Schema.Union([
  Schema.Struct({ message: InboxKey, stage: SurfacingStage, carrier: Carrier }),
  Schema.Struct({ message: InboxKey, stage: Schema.Literal("held"), because: HeldReason })
])
export type Evidence = typeof Evidence.Type

/** A message that waits for a human, why, and since when. */
export const HeldMessage = Schema.Struct({
  message: ReceivedMessage,
  session: SessionId,
  because: HeldReason,
  since: Millis,
  /** An agent asks: whatever the sender said is left out, and the text empty. */
  withheld: Schema.optionalKey(Schema.Literal(true))
})
export type HeldMessage = typeof HeldMessage.Type

/** How many pieces of evidence one report may hold. */
export const EVIDENCE_MAX = 500

const Decide = {
  payload: Schema.Struct({ messages: Schema.Array(InboxKey) }),
  success: Schema.Struct({ changed: Count }),
  error: RefusedOverHttp
}

/** What sessions are shown, and what became of it. */
export const SurfacingApi = HttpApiGroup.make("surfacing").add(
  HttpApiEndpoint.get("feed", "/v1/sessions/:id/feed", {
    params: { id: SessionId },
    success: HttpApiSchema.StreamSse({ data: FeedEvent }),
    error: RefusedOverHttp
  }).annotate(Takes, "nothing"),
  HttpApiEndpoint.post("report", "/v1/sessions/:id/evidence", {
    params: { id: SessionId },
    payload: Schema.Struct({
      items: Schema.Array(Evidence).check(Schema.isMaxLength(EVIDENCE_MAX))
    }),
    success: Schema.Struct({ changed: Count }),
    error: RefusedOverHttp
  }).annotate(Takes, "nothing"),
  HttpApiEndpoint.get("held", "/v1/held", {
    query: { mesh: MeshRef },
    success: Schema.Struct({ items: Schema.Array(HeldMessage) }),
    error: RefusedOverHttp
  }).annotate(Takes, "read"),
  HttpApiEndpoint.post("accept", "/v1/held/accept", Decide).annotate(ChangesTrust, true),
  HttpApiEndpoint.post("drop", "/v1/held/drop", Decide).annotate(ChangesTrust, true)
)
