/**
 * Restarts the database under a broker in the middle of an exchange, and counts what arrives.
 *
 * Goal: while the database is away every send is accepted, the broker goes on
 * by itself once it is back, and nothing is lost, doubled or out of order.
 * Method: two machines send each other numbered messages while Postgres is
 * stopped as an operator would, and then crashed; the broker's process is
 * never touched.
 *
 * @module
 */
import { TemporaryPostgres, withoutPostgres } from "@claudemesh/testkit"
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schedule } from "effect"
import { HttpClient } from "effect/http"
import { type Machine, makeRealMesh } from "./testing/real_mesh.ts"

/** Messages in each direction around each restart; a third of them before the server goes. */
const MESSAGES = 30

function textsOf(round: string): ReadonlyArray<string> {
  return Array.from({ length: MESSAGES }, (_, number) => `${round} ${number}`)
}

/** Sends them one after the other, each accepted at once: the outbox waits for no broker. */
function sendAll(from: Machine, to: Machine, texts: ReadonlyArray<string>) {
  return Effect.forEach(
    texts,
    (text) =>
      from.daemon.messages.send({ headers: {}, payload: { to: to.name, text } }).pipe(
        Effect.timeout("10 seconds")
      ),
    { discard: true }
  )
}

/** What the machine has got, in the order it came, once there is as much as there will be. */
function arrived(machine: Machine, length: number) {
  return machine.daemon.messages.inbox({ query: { limit: 500 } }).pipe(
    Effect.filterOrFail(({ items }) => items.length >= length),
    Effect.retry(Schedule.spaced("50 millis")),
    Effect.timeout("60 seconds"),
    Effect.map(({ items }) => items.map(({ text }) => text))
  )
}

/** Waits until the broker says that it is not ready, and the machine that it is not connected. */
const untilShown = Effect.fnUntraced(
  function*(machine: Machine, origin: string) {
    yield* HttpClient.get(`${origin}/readyz`).pipe(
      Effect.filterOrFail(({ status }) => status === 503),
      Effect.retry(Schedule.spaced("100 millis"))
    )
    yield* machine.daemon.daemon.status({}).pipe(
      Effect.filterOrFail(({ meshes }) => meshes.every(({ link }) => link.state !== "attached")),
      Effect.retry(Schedule.spaced("100 millis"))
    )
  },
  Effect.timeout("30 seconds"),
  Effect.provide(NodeHttpClient.layerNodeHttp)
)

describe.skipIf(withoutPostgres())("a broker on Postgres", () => {
  it.live(
    "goes on by itself when the database is restarted, and loses nothing",
    () =>
      Effect.gen(function*() {
        const { makeDatabase, start, stop } = yield* TemporaryPostgres
        const { ada, bob, broker } = yield* makeRealMesh(yield* makeDatabase)
        const sent: Array<string> = []
        for (const ending of ["fast", "immediate"] as const) {
          const texts = textsOf(ending)
          sent.push(...texts)
          const [before, after] = [texts.slice(0, MESSAGES / 3), texts.slice(MESSAGES / 3)]
          const exchange = Effect.fnUntraced(function*(texts: ReadonlyArray<string>) {
            yield* Effect.all([sendAll(ada, bob, texts), sendAll(bob, ada, texts)], {
              concurrency: 2
            })
          })
          const running = yield* Effect.forkScoped(exchange(before))
          yield* stop(ending)
          yield* Fiber.join(running)
          yield* exchange(after)
          yield* untilShown(ada, broker.origin)
          yield* start

          assert.deepStrictEqual(yield* arrived(bob, sent.length), sent)
          assert.deepStrictEqual(yield* arrived(ada, sent.length), sent)
        }
      }).pipe(
        Effect.scoped,
        Effect.provide(Layer.merge(TemporaryPostgres.layer(), NodeServices.layer))
      ),
    180_000
  )
})
