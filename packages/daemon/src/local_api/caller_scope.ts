/**
 * Finds out on whose behalf a request comes, and keeps agents from what only their user may do.
 *
 * @module
 */
import type { SessionId } from "@claudemesh/protocol"
import { fromBase64Url } from "@claudemesh/protocol/crypto"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Caller, CallerScope, ChangesTrust } from "@claudemesh/protocol/local_api"
import { Context, Effect, Layer, Option, Redacted } from "effect"
import { HttpServerRequest } from "effect/http"
import { Sessions } from "../sessions/sessions.ts"

/** Lets the user do everything, and an agent what does not change whom its user trusts. */
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
          if (Option.isSome(session) && Context.get(endpoint.annotations, ChangesTrust)) {
            return yield* refused(
              "not_permitted",
              `Cannot do this for agent "${session.value.name}": it changes whom you trust; do it yourself, outside of the agent`
            )
          }
          return yield* Effect.provideService(handling, Caller, {
            session: Option.map(session, ({ id }) => id)
          })
        })
      )
  )
)

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
