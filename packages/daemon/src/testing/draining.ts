/**
 * Drains the outbox of a made daemon on a connection whose broker answers as a test says.
 *
 * @module
 */
import { type BrokerFrame, openEnvelope, type Prekey, type Refused } from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import { layerSeededRandom, type MadeMesh, openContextOf, prekeyOf } from "@claudemesh/testkit"
import { Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import type { LinkLost } from "../broker_link/broker_transport.ts"
import { Drain } from "../outbox/drain.ts"
import { eventually } from "./eventually.ts"
import {
  attachmentOn,
  type FakeAnswers,
  type FakeConnection,
  makeFakeConnection,
  prekeysAnswer
} from "./fake_connection.ts"
import { layerMadeDaemon, theMesh } from "./made_daemon.ts"
import type { MeshMade } from "./made_identity.ts"

/** The member of that name, and what sends for it. */
export function layerDraining(made: MeshMade, name: string) {
  return Drain.layer.pipe(
    Layer.provideMerge(layerMadeDaemon(made, name)),
    Layer.provide(layerSeededRandom(name))
  )
}

/** Drains until the scope closes; the broker hands out these prekeys where the answers say nothing else. */
export const drainOn = Effect.fnUntraced(
  function*(prekeys: ReadonlyArray<Prekey>, answers: FakeAnswers = () => undefined) {
    const mesh = yield* theMesh
    const usual = prekeysAnswer(mesh.id, prekeys)
    const fake = makeFakeConnection((request) => answers(request) ?? usual(request))
    const fiber = yield* Effect.forkScoped(
      Drain.use(({ run }) => run(attachmentOn(fake, mesh.identity)))
    )
    yield* settled
    return { fake, fiber }
  }
)

/** Drains in a mesh all of whose members have published their prekeys. */
export function drainAmong(made: MadeMesh, answers?: FakeAnswers) {
  return drainOn([...made.members.keys()].map((name) => prekeyOf(made, name)), answers)
}

/** Lets everything run that is not waiting for time. */
export const settled = TestClock.adjust("1 millis")

/** Waits until so many envelopes were sent. */
export function sentCount(fake: FakeConnection, count: number) {
  return eventually(Effect.sync(() => fake.sent().length), (sent) => sent >= count)
}

/** What the envelopes say to that member, in the order they were sent; nothing where they are for others. */
export function textsSent(
  made: MadeMesh,
  name: string,
  { sent }: FakeConnection
): ReadonlyArray<string | undefined> {
  return sent().map((envelope) => {
    const opened = openEnvelope(envelope, openContextOf(made, name))
    return Result.isSuccess(opened) ? fromUtf8(opened.success.content) : undefined
  })
}

/** Places in the stream to that member's device, in the order they were sent. */
export function placesSent({ sent }: FakeConnection, device: string) {
  return sent().flatMap(({ header: { to } }) =>
    to.flatMap(({ device: to, ...place }) => to === device ? [place] : [])
  )
}

/** Refuses the sends of these numbers, counted from one, and takes the others. */
export function refuses(sends: ReadonlyArray<number>, refusal: Refused | LinkLost): FakeAnswers {
  let count = 0
  return (request): Effect.Effect<BrokerFrame, Refused | LinkLost> | undefined => {
    if (request.type !== "send") return undefined
    return sends.includes(++count) ? Effect.fail(refusal) : undefined
  }
}
