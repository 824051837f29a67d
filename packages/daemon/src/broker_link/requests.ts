/**
 * Requests to a broker on one connection, each with a number by which it finds its answer.
 *
 * @module
 */
import {
  type BrokerFrame,
  type DeviceFrame,
  type MessageId,
  refusalOf,
  type Refused,
  refused
} from "@claudemesh/protocol"
import { Deferred, Effect } from "effect"
import { LinkLost } from "./broker_transport.ts"

/** What waits for the answer of a request. */
export type Answer = Effect.Effect<BrokerFrame, Refused | LinkLost>

/** A request whose answer has not come. */
interface Pending {
  readonly answer: Deferred.Deferred<BrokerFrame, Refused | LinkLost>
  readonly type: Request["type"]
  /** The message that it hands over. */
  readonly id: MessageId | undefined
}

/** A request but for its number. */
export type Request = {
  [F in DeviceFrame as F["type"]]: F extends { readonly ref: number } ? Omit<F, "ref">
    : never
}[
  DeviceFrame["type"]
]

/** How long an answer may take before the connection counts as broken. */
export const ANSWER_TIMEOUT = "30 seconds"

/** Makes the requests of one connection, which sends with `send`. */
export function makeRequests(send: (frame: DeviceFrame) => Effect.Effect<void, LinkLost>) {
  const pending = new Map<number, Pending>()
  let lastRef = 0
  let ended: LinkLost | undefined

  const submit = Effect.fnUntraced(function*(request: Request) {
    // Nobody answers on a connection that has ended, nor may anybody notice that it was written to.
    if (ended !== undefined) return yield* ended
    const ref = ++lastRef
    const answer = yield* Deferred.make<BrokerFrame, Refused | LinkLost>()
    pending.set(ref, {
      answer,
      type: request.type,
      id: request.type === "send" ? request.envelope.header.id : undefined
    })
    yield* Effect.onError(
      send({ ...request, ref }),
      () => Effect.sync(() => pending.delete(ref))
    )
    // oxlint-disable-next-line effecttsgo/return-effect-in-gen -- to await the answer is for the caller to choose
    return Deferred.await(answer).pipe(
      Effect.timeoutOrElse({
        duration: ANSWER_TIMEOUT,
        orElse: () => Effect.fail(unanswered(request.type))
      }),
      Effect.ensuring(Effect.sync(() => pending.delete(ref)))
    )
  })

  /** Hands a frame to the request that it has the number of; answers whether there is one. */
  const answered = Effect.fnUntraced(function*(frame: BrokerFrame) {
    const waiting = "ref" in frame && frame.ref !== undefined ? pending.get(frame.ref) : undefined
    if (waiting === undefined) return false
    if (isAbout(frame, waiting)) yield* Deferred.completeWith(waiting.answer, answerOf(frame))
    return true
  })

  /** The connection has ended, and so have all requests. */
  const lost = Effect.fnUntraced(function*(why: LinkLost) {
    ended = why
    for (const { answer } of pending.values()) yield* Deferred.fail(answer, why)
  })
  return { submit, answered, lost }
}

/** What each request is answered with if it is not refused. */
const ANSWERS: { readonly [Type in Request["type"]]: BrokerFrame["type"] } = {
  send: "admitted",
  read_statements: "statements",
  append: "appended",
  put_prekey: "prekey_stored",
  get_prekeys: "prekeys"
}

/** Frames that answer any request. */
const REFUSALS: ReadonlySet<BrokerFrame["type"]> = new Set(["refused", "unsupported"])

/** Whether a frame with the number of a request answers that one: what was sent twice over has the number of another. */
function isAbout(frame: BrokerFrame, { id, type }: Pending): boolean {
  if (frame.type !== ANSWERS[type] && !REFUSALS.has(frame.type)) return false
  return id === undefined || !("id" in frame) || frame.id === undefined || frame.id === id
}

/** A refusal with a number fails the request; every other answer is its value. */
function answerOf(frame: BrokerFrame): Effect.Effect<BrokerFrame, Refused> {
  if (frame.type === "unsupported") return Effect.fail(refused("unsupported", frame.message))
  return frame.type === "refused" ? Effect.fail(refusalOf(frame)) : Effect.succeed(frame)
}

/** What a request comes to that nobody answers. */
export function unanswered(what: string): LinkLost {
  return new LinkLost({ reason: `no answer to "${what}"` })
}
