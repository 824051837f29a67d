/**
 * A connection whose broker answers as a test says.
 *
 * @module
 */
import type { DeviceFrame, Envelope, MeshId, Prekey } from "@claudemesh/protocol"
import { BrokerFrame, type Refused, refused } from "@claudemesh/protocol"
import { Clock, Effect, Queue } from "effect"
import type { Attachment } from "../broker_link/attachment.ts"
import { LinkLost } from "../broker_link/broker_transport.ts"
import type { Connection } from "../broker_link/connection.ts"
import type { Identity } from "../identity/identity.ts"

/** A request as it reaches the broker, without its number. */
export type FakeRequest = Parameters<Connection["submit"]>[0]

/** How the broker answers; what it does not handle is admitted, stored or empty. */
export type FakeAnswers = (
  request: FakeRequest
) => Effect.Effect<BrokerFrame, Refused | LinkLost> | undefined

/** What a test looks at. */
export interface FakeConnection {
  readonly connection: Connection
  readonly requests: ReadonlyArray<FakeRequest>
  readonly frames: ReadonlyArray<DeviceFrame>
  /** The envelopes that were sent, in their order. */
  readonly sent: () => ReadonlyArray<Envelope>
}

/** Makes a connection. */
export function makeFakeConnection(answers: FakeAnswers = usual): FakeConnection {
  const requests: Array<FakeRequest> = []
  const frames: Array<DeviceFrame> = []
  function submit(request: FakeRequest) {
    return Effect.sync(() => {
      requests.push(request)
      return answers(request) ?? defaultAnswer(request)
    })
  }
  return {
    requests,
    frames,
    sent: () => requests.flatMap((request) => request.type === "send" ? [request.envelope] : []),
    connection: {
      challenge: BrokerFrame.cases.challenge.make({
        nonce: "AAAAAAAAAAAAAAAAAAAAAA",
        origin: "http://127.0.0.1:7843",
        versions: [1]
      }),
      send: (frame) => Effect.asVoid(Effect.sync(() => frames.push(frame))),
      submit,
      request: (request) => Effect.flatten(submit(request)),
      roundTrip: Effect.void,
      framesOf: () => Queue.unbounded<BrokerFrame, LinkLost>(),
      goAway: Effect.undefined,
      run: Effect.never
    }
  }
}

/** An attachment of that device on the connection; there is no more of the log than it has. */
export function attachmentOn(
  { connection }: Pick<FakeConnection, "connection">,
  { deviceId: device, mesh }: Identity
): Attachment {
  return {
    mesh,
    device,
    epoch: 1,
    brokerTime: Clock.currentTimeMillis,
    connection,
    catchUp: Effect.void
  }
}

/** The broker hands out these prekeys. */
export function prekeysAnswer(mesh: MeshId, prekeys: ReadonlyArray<Prekey>): FakeAnswers {
  return (request) =>
    request.type === "get_prekeys" && request.mesh === mesh
      ? Effect.succeed({
        type: "prekeys",
        ref: 1,
        items: prekeys.filter(({ device }) => request.devices.includes(device))
      })
      : undefined
}

function usual(): undefined {
  return undefined
}

function defaultAnswer(request: FakeRequest): Effect.Effect<BrokerFrame, Refused> {
  if (request.type === "send") {
    return Effect.succeed({ type: "admitted", ref: 1, id: request.envelope.header.id })
  }
  if (request.type === "put_prekey") return Effect.succeed({ type: "prekey_stored", ref: 1 })
  if (request.type === "get_prekeys") return Effect.succeed({ type: "prekeys", ref: 1, items: [] })
  return Effect.fail(refused("internal", `The fake broker has no answer to "${request.type}"`))
}
