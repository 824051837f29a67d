/**
 * How frames reach a broker: the port that a simulator replaces, and the WebSocket behind it.
 *
 * @module
 */
import { DIALLED_HEADER, limits, type Refused, refused, SOCKET_PATH } from "@claudemesh/protocol"
import { NodeWS } from "@effect/platform-node"
import { Context, Effect, Layer, Schema, type Scope } from "effect"
import { Socket } from "effect/socket"

/** The connection has ended; whatever was under way is tried again on the next one. */
export class LinkLost
  extends Schema.TaggedError<LinkLost>()("LinkLost", { reason: Schema.String })
{
  override get message(): string {
    return `The connection to the broker ended: ${this.reason}`
  }
}

/** One open connection: text frames in both directions, in order. */
export interface Wire {
  /** Hands over frames; when it returns they are on their way, not there. */
  readonly send: (frames: ReadonlyArray<string>) => Effect.Effect<void, LinkLost>
  /** The frames that came since the last call; waits for one. */
  readonly receive: Effect.Effect<ReadonlyArray<string>, LinkLost>
}

/** Opens connections to brokers. */
export class BrokerTransport extends Context.Service<BrokerTransport, {
  /** Connects to the broker at an origin; the scope closes the connection. */
  readonly connect: (origin: string) => Effect.Effect<Wire, Refused, Scope.Scope>
}>()("@claudemesh/daemon/broker_link/broker_transport/BrokerTransport") {
  /** Connects by WebSocket. */
  static readonly layer: Layer.Layer<BrokerTransport> = Layer.sync(BrokerTransport, () => {
    const connect = Effect.fn("BrokerTransport.connect")(
      function*(origin: string) {
        const socket = yield* Socket.makeWebSocket(webSocketUrl(origin), {
          openTimeout: OPEN_TIMEOUT
        })
        const reader = yield* Effect.mapError(
          socket.reader,
          ({ message }) =>
            refused("broker_unreachable", `Cannot connect to the broker at ${origin}: ${message}`)
        )
        const writer = yield* socket.writer
        return {
          send: (frames: ReadonlyArray<string>) =>
            Effect.mapError(Effect.forEach(frames, writer.write, { discard: true }), lost),
          receive: Effect.flatMap(Effect.mapError(reader.pull, lost), textFrames)
        }
      },
      (effect, origin) =>
        Effect.provideService(effect, Socket.WebSocketConstructor, webSocketNaming(origin))
    )
    return BrokerTransport.of({ connect })
  })
}

/** How long a connection may take to open. */
const OPEN_TIMEOUT = "10 seconds"

/** Where a broker of that origin takes WebSockets. */
function webSocketUrl(origin: string): string {
  return `${origin.replace(/^http/, "ws")}${SOCKET_PATH}`
}

/** `ws` rather than Node's own client: it bounds a frame, and names no `Origin`, which brokers refuse. */
function webSocketNaming(origin: string): Socket.WebSocketConstructor["Service"] {
  return (url) =>
    new NodeWS.WebSocket(url, {
      headers: { [DIALLED_HEADER]: origin },
      maxPayload: limits.frameBytesMax,
      perMessageDeflate: false
    })
}

function lost({ message }: { readonly message: string }): LinkLost {
  return new LinkLost({ reason: message })
}

function textFrames(
  frames: ReadonlyArray<string | Uint8Array>
): Effect.Effect<ReadonlyArray<string>, LinkLost> {
  const texts = frames.filter((frame) => typeof frame === "string")
  const whole = texts.length === frames.length &&
    texts.every((text) => text.length <= limits.frameBytesMax)
  return whole
    ? Effect.succeed(texts)
    : Effect.fail(new LinkLost({ reason: "it sent what is no frame" }))
}
