/**
 * Everything the broker answers over HTTP.
 *
 * @module
 */
import { BrokerApi } from "@claudemesh/protocol"
import { Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import * as Edge from "./edge.ts"
import * as Handlers from "./handlers.ts"
import * as Pages from "./pages.ts"

/** The endpoints of the table and the pages, behind the edge. */
export const layer = Layer.mergeAll(
  HttpApiBuilder.layer(BrokerApi).pipe(Layer.provide(Handlers.layer)),
  Pages.layer
).pipe(Layer.provide(Edge.layer))
