/**
 * The local API, group `search`: messages by their words, sent and received.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Millis } from "../encodings.ts"
import { RefusedOverHttp } from "../errors.ts"
import { Takes } from "./caller.ts"
import { MeshRef } from "./meshes.ts"
import { ReceivedMessage, SentMessage } from "./messages.ts"
import { limitOf, pageSizes } from "./pages.ts"

/** What to look for, and where: in every mesh unless one is named. */
export const SearchQuery = {
  /** Words that must all be there, `"phrases"`, and beginnings*. Case and accents do not count. */
  words: Schema.String,
  mesh: MeshRef,
  /** Only what that peer wrote, or we. */
  from: Schema.optionalKey(Schema.String),
  /** Only what was sent or received since then. */
  since: Schema.optionalKey(Millis),
  /** The newest so many: 20 unless told otherwise, 200 at most. */
  limit: limitOf(pageSizes.search)
}

/** A message with a piece of it in which the words are. */
export const SearchHit = Schema.Struct({
  message: Schema.Union([SentMessage, ReceivedMessage]),
  snippet: Schema.Array(Schema.Struct({ text: Schema.String, match: Schema.Boolean }))
})
export type SearchHit = typeof SearchHit.Type

/** Messages by their words. */
export const SearchApi = HttpApiGroup.make("search").add(
  HttpApiEndpoint.get("messages", "/v1/search", {
    query: SearchQuery,
    success: Schema.Struct({
      /** The newest that match, oldest first. */
      items: Schema.Array(SearchHit),
      /** Whether older ones match too. */
      more: Schema.Boolean
    }),
    error: RefusedOverHttp
  }).annotate(Takes, "read")
)
