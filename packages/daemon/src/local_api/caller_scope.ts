/**
 * Finds out on whose behalf a request comes, and keeps agents from what only their user may do.
 *
 * @module
 */
import type { Capabilities, Capability, SessionId } from "@claudemesh/protocol"
import { capabilitiesText } from "@claudemesh/protocol/capabilities"
import { fromBase64Url } from "@claudemesh/protocol/crypto"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import {
  Caller,
  CallerScope,
  ChangesTrust,
  type Session,
  Takes
} from "@claudemesh/protocol/local_api"
import { Context, Effect, Layer, Option, Redacted } from "effect"
import { HttpServerRequest } from "effect/http"
import type { HttpApiEndpoint } from "effect/http-api"
import { Sessions } from "../sessions/sessions.ts"

/**
 * Lets the user do everything, and an agent what does not change whom its user trusts, as far as it is not
 * limited to less.
 */
export const layer: Layer.Layer<CallerScope, never, Sessions> = Layer.effect(
  CallerScope,
  Effect.map(
    Sessions,
    ({ authenticate }) =>
      CallerScope.of((handling, { endpoint }) =>
        Effect.gen(function*() {
          const { headers } = yield* HttpServerRequest.HttpServerRequest
          const { authorization } = headers
          const session = authorization === undefined
            ? Option.none()
            : Option.some(yield* sessionOf(authorization, authenticate))
          if (Option.isSome(session)) yield* mayAgent(session.value, endpoint)
          return yield* Effect.provideService(handling, Caller, {
            session: Option.map(session, ({ id }) => id)
          })
        })
      )
  )
)

const mayAgent = Effect.fnUntraced(function*(
  session: Session,
  { annotations, identifier }: Pick<HttpApiEndpoint.Top, "annotations" | "identifier">
) {
  if (Context.get(annotations, ChangesTrust)) {
    return yield* refused(
      "not_permitted",
      `Cannot do this for agent "${session.name}": it changes whom you trust; do it yourself, outside of the agent`
    )
  }
  const taken = Context.get(annotations, Takes)
  if (taken === undefined) return yield* Effect.die(`Nobody says what "${identifier}" takes`)
  if (taken === "nothing" || session.caps === undefined || session.caps.includes(taken)) return
  return yield* beyond(session, session.caps, taken)
})

function beyond({ name }: Session, caps: Capabilities, taken: Capability) {
  const enough = capabilitiesText([...caps, taken])
  return Effect.fail(
    refused(
      "agent_limited",
      `Cannot do this for agent "${name}": it takes "${taken}", and the agent is limited to ${
        capabilitiesText(caps)
      }; outside of it you may type claudemesh session caps ${name} ${enough}, or launch it with --caps ${enough}`
    )
  )
}

/** Refuses an agent that says what it is limited to: with that it would be what it says. */
export const noOwnLimit = Effect.fn("noOwnLimit")(function*(caps: Capabilities | null | undefined) {
  const { session } = yield* Caller
  if (Option.isNone(session) || caps === undefined) return
  return yield* refused(
    "agent_limited",
    `Cannot limit session "${session.value}" to ${
      capabilitiesText(caps)
    }: it is an agent that asks, and only you say what agents may do`
  )
})

/** Refuses an agent that asks in the place of another one. */
export const ownSession = Effect.fn("ownSession")(function*(id: SessionId) {
  const { session } = yield* Caller
  if (Option.isNone(session) || session.value === id) return
  return yield* refused(
    "not_permitted",
    `Cannot do this for session "${id}": it is another agent's than the one that asks`
  )
})

/**
 * What is said of a session, without what an agent may not say of its own: that it asks a human before it
 * acts, where it was known not to. That lets strangers speak to it, so only its user says so.
 *
 * It is left out and not refused, because the push pipe has the agent's token and tells with it, in one word
 * with much else, in which mode the client happens to be.
 */
export const onlyTightening = Effect.fn("onlyTightening")(
  function*<Said extends Unprompted>({ unprompted, ...said }: Said) {
    const { session } = yield* Caller
    const isBelieved = Option.isNone(session) || unprompted === true
    return unprompted !== undefined && isBelieved ? { ...said, unprompted } : said
  }
)

/** Whether an agent acts without asking a human first. */
interface Unprompted {
  readonly unprompted?: boolean
}

const sessionOf = Effect.fnUntraced(function*(
  authorization: string,
  authenticate: Sessions["Service"]["authenticate"]
) {
  const [, text] = /^Bearer ([\w-]{43})$/.exec(authorization) ?? []
  const known = text === undefined
    ? Option.none()
    : yield* authenticate(Redacted.make(fromBase64Url(text)))
  return Option.isSome(known) ? known.value : yield* unknownToken
})

const unknownToken: Effect.Effect<never, Refused> = Effect.suspend(() =>
  Effect.fail(
    refused(
      "not_permitted",
      "Cannot tell which session asks: its token is not, or no longer, known"
    )
  )
)
