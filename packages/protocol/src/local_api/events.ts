/**
 * The local API, group `events`: what happens, as it happens, as server-sent events.
 *
 * The stream opens with `watching`: from then on a reader misses nothing. A
 * reader that is too slow is told `lagging` and cut off; it connects again and
 * reads what it missed from the inbox.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Millis } from "../encodings.ts"
import { DeviceId, MeshId } from "../ids.ts"
import { PresenceState } from "../vocabulary.ts"
import { Takes } from "./caller.ts"
import { MeshStatus } from "./daemon.ts"
import { ReceivedMessage, SentMessage } from "./messages.ts"

/** What can happen. */
export const LocalEvent = Schema.Union([
  Schema.Struct({ type: Schema.tag("watching"), at: Millis }),
  Schema.Struct({ type: Schema.tag("lagging"), at: Millis }),
  Schema.Struct({ type: Schema.tag("received"), at: Millis, message: ReceivedMessage }),
  Schema.Struct({ type: Schema.tag("sent"), at: Millis, message: SentMessage }),
  Schema.Struct({
    type: Schema.tag("presence"),
    at: Millis,
    mesh: MeshId,
    device: DeviceId,
    state: PresenceState
  }),
  Schema.Struct({ type: Schema.tag("mesh"), at: Millis, mesh: MeshStatus })
]).pipe(Schema.toTaggedUnion("type"))
export type LocalEvent = typeof LocalEvent.Type

/** What happens, as it happens. */
export const EventsApi = HttpApiGroup.make("events").add(
  HttpApiEndpoint.get("watch", "/v1/events", {
    success: HttpApiSchema.StreamSse({ data: LocalEvent })
  }).annotate(Takes, "read")
)
