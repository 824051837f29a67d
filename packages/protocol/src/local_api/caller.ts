/**
 * Who asks something of the local API: the user of this machine, or one of their agent runs.
 *
 * Whoever reaches the socket is the user. A request that carries a session's token in `Authorization:
 * Bearer` speaks for that agent run: what it sends goes out under its name, and it may not change whom
 * the user trusts. Where its user has limited it to some capabilities, it may do only what takes one of
 * those, or none.
 *
 * @module
 */
import { Context, type Option } from "effect"
import { HttpApiMiddleware } from "effect/http-api"
import { RefusedOverHttp } from "../errors.ts"
import type { SessionId } from "../ids.ts"
import type { Capability } from "../vocabulary.ts"

/** Who asks; no session is the user. */
export class Caller extends Context.Service<Caller, {
  readonly session: Option.Option<SessionId>
}>()("@claudemesh/protocol/local_api/caller") {}

/** Finds out who asks, and refuses what they may not. */
export class CallerScope extends HttpApiMiddleware.Service<CallerScope, { provides: Caller }>()(
  "@claudemesh/protocol/local_api/caller/CallerScope",
  { error: RefusedOverHttp }
) {}

/** Marks an endpoint that changes whom or what the user trusts: an agent's token does not open it. */
export const ChangesTrust = Context.Reference<boolean>(
  "@claudemesh/protocol/local_api/caller/ChangesTrust",
  { defaultValue: () => false }
)

/**
 * Says which capability an endpoint takes of an agent whose user has limited it, or that it takes none.
 *
 * Every endpoint that an agent's token opens says one or the other: one that says neither does not answer
 * agents at all.
 */
export const Takes = Context.Reference<Capability | "nothing" | undefined>(
  "@claudemesh/protocol/local_api/caller/Takes",
  { defaultValue: () => undefined }
)
