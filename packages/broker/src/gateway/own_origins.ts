/**
 * The origins of this broker as a service: decided by where it listens, looked up anew for each request.
 *
 * @module
 */
import type { Refused } from "@claudemesh/protocol"
import { Context, type Result } from "effect"

export class OwnOrigins extends Context.Service<OwnOrigins, {
  /** The origin for a request with that `Host` header, or `wrong_origin`. */
  readonly of: (hostHeader: string | undefined) => Result.Result<string, Refused>
}>()("@claudemesh/broker/gateway/own_origins/OwnOrigins") {}
