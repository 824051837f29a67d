/**
 * How long a message takes from `send` in one home to the inbox in another, over real processes.
 *
 * A broker and two daemons, one message at a time: first until the sender's
 * daemon has accepted it, then until the recipient's daemon says it has arrived.
 * In the same run, what the machine itself takes: a bare call of the local API.
 *
 * @module
 */
import { makeRealMesh } from "../../packages/tui/src/testing/real_mesh.ts"
import { Effect, Fiber, Queue, Stream } from "effect"
import { type Row, summed, table } from "./figures.ts"
import type { Measured } from "./measured.ts"

const WARM_UP = 50
const MEASURED = 300

/** Measures one message at a time between two machines. */
export const endToEnd = Effect.gen(function*() {
  const { ada, bob } = yield* makeRealMesh()
  const arrivals = yield* Queue.unbounded<string>()
  const events = yield* bob.daemon.events.watch({})
  const watching = yield* events.pipe(
    Stream.runForEach((event) =>
      event.type === "received" ? Queue.offer(arrivals, event.message.id) : Effect.void
    ),
    Effect.forkChild
  )

  const calls: Array<number> = []
  const accepted: Array<number> = []
  const inboxed: Array<number> = []
  for (let number = 0; number < WARM_UP + MEASURED; number++) {
    const called = performance.now()
    yield* ada.daemon.meshes.list({})
    const began = performance.now()
    yield* ada.daemon.messages.send({
      headers: {},
      payload: { to: "bob", text: `message ${number}` }
    })
    const answered = performance.now()
    yield* Queue.take(arrivals)
    const arrived = performance.now()
    if (number < WARM_UP) continue
    calls.push(began - called)
    accepted.push(answered - began)
    inboxed.push(arrived - began)
  }
  yield* Fiber.interrupt(watching)
  const rows: ReadonlyArray<Row> = [
    { name: "a bare call of the local API", millis: calls },
    { name: "send, until accepted", millis: accepted },
    { name: "send, until in the other inbox", millis: inboxed }
  ]
  const measured: Measured = {
    text: table("one message at a time, from home to home", rows),
    figures: { endToEnd: rows.map(({ millis, name }) => Object.assign({ name }, summed(millis))) }
  }
  return measured
})
