/**
 * Takes connections from whatever transport there is, and serves their frames in order.
 *
 * One fiber serves one connection: challenge, then frame after frame, each
 * handled before the next, and none while the client does not read. A frame whose handling is a defect closes its
 * connection and no other. When the layer ends, everybody is told to come
 * back, and every connection is closed.
 *
 * @module
 */
import { closeCodes, PROTOCOL_VERSIONS } from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { Context, Effect, FiberSet, Function, Layer, Queue } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { AwakeClock } from "../awake_clock.ts"
import { BrokerLimits } from "../broker_limits.ts"
import { Roster } from "../presence/roster.ts"
import { type Attachment, Attachments } from "./attachments.ts"
import { Connection } from "./connection.ts"
import { Dispatch } from "./dispatch.ts"
import type { Link } from "./link.ts"
import { untilReady } from "./until_ready.ts"

/** A new connection, and under which of its origins the client reached the broker. */
export interface Opening {
  readonly link: Link
  readonly origin: string
  /** Called when it has attached for the first time, or closes without. */
  readonly onSettled?: () => void
}

export class Gateway extends Context.Service<Gateway, {
  /** Takes a connection, and answers with what its frames go to. */
  readonly open: (opening: Opening) => Effect.Effect<Connection>
  /** Those that are open. */
  readonly connections: () => ReadonlyArray<Connection>
  /** Tells everybody to come back later, and closes. */
  readonly closeAll: Effect.Effect<void>
}>()("@claudemesh/broker/gateway/gateway") {
  static readonly layer = Layer.effect(Gateway, Effect.suspend(() => make))
}

const NONCE_BYTES = 16

/** The standard close code for a fault of the server. */
const INTERNAL_ERROR = 1011

/** Frames handled before others get a turn. */
const FRAMES_PER_TURN = 32

const make = Effect.gen(function*() {
  const { now } = yield* AwakeClock
  const limits = yield* BrokerLimits
  const random = yield* SecureRandom
  const attachments = yield* Attachments
  const roster = yield* Roster
  const dispatch = yield* Dispatch
  const fork = yield* FiberSet.makeRuntime<never, void, never>()
  const open = new Set<Connection>()

  const serve = Effect.fnUntraced(function*(connection: Connection) {
    const handle = dispatch.of(connection)
    while (connection.isOpen()) {
      const texts = yield* Queue.takeBetween(connection.frames, 1, FRAMES_PER_TURN)
      for (const text of texts) {
        const wait = connection.spend(text.length)
        if (wait > 0) yield* Effect.sleep(wait)
        // An answer may be hundreds of times as long as its question.
        if (!connection.isReady()) yield* untilReady(connection)
        if (connection.isOpen()) yield* handle(text)
        connection.handled()
      }
    }
  })

  function run(connection: Connection) {
    return Effect.sleep(limits.attachMillisMax).pipe(
      Effect.andThen(closeUnattached(connection)),
      Effect.forkChild,
      Effect.andThen(serve(connection)),
      Effect.catchDefect((defect) => closeFailed(connection, defect)),
      Effect.ensuring(Effect.sync(() => open.delete(connection)))
    )
  }

  const openConnection = Effect.fnUntraced(
    function*({ link, onSettled = Function.constVoid, origin }: Opening) {
      const nonce = toBase64Url(yield* random.randomBytes(NONCE_BYTES))
      const frames = yield* Queue.unbounded<string>() // bounded by pausing the link: see `Connection`
      function onEnd(attachment: Attachment, how: { readonly wasSilent: boolean }) {
        if (attachments.remove(attachment)) roster.lost(attachment.mailbox, how)
      }
      const challenge = { nonce, origin }
      const connection = new Connection({ link, challenge, limits, now, onEnd, onSettled }, frames)
      open.add(connection)
      connection.send({ type: "challenge", nonce, origin, versions: PROTOCOL_VERSIONS })
      fork(run(connection))
      return connection
    }
  )

  const closeAll = Effect.sync(() => {
    const { goAwayAfterMillis, goAwayJitterMillis } = limits
    for (const connection of open) {
      connection.send({
        type: "goaway",
        after_ms: goAwayAfterMillis,
        jitter_ms: goAwayJitterMillis
      })
      connection.close(closeCodes.restart, "the broker is stopping")
    }
  })
  yield* Effect.addFinalizer(() => closeAll)

  return Gateway.of({ open: openConnection, connections: () => [...open], closeAll })
})

function closeUnattached(connection: Connection): Effect.Effect<void> {
  return Effect.sync(() => {
    if (!connection.wasAttached) connection.close(closeCodes.policy, "no attach in time")
  })
}

function closeFailed(connection: Connection, defect: unknown): Effect.Effect<void> {
  return Effect.andThen(
    Effect.logError("A connection failed", defect),
    Effect.sync(() => connection.close(INTERNAL_ERROR, "internal error"))
  )
}
