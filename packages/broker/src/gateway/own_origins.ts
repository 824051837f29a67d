/**
 * The origins of this broker as a service: decided by where it listens, looked up anew for each request.
 *
 * @module
 */
import type { Refused } from "@claudemesh/protocol"
import { Context, type Result } from "effect"
import type { RequestHeaders } from "./origins.ts"

export class OwnOrigins extends Context.Service<OwnOrigins, {
  /** The origin for a request with those headers, or `wrong_origin`. */
  readonly of: (headers: RequestHeaders) => Result.Result<string, Refused>
}>()("@claudemesh/broker/gateway/own_origins/OwnOrigins") {}
