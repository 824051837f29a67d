import type { BrokerFrame, DeviceFrame } from "@claudemesh/protocol"
import {
  keepLog,
  layerSeededRandom,
  makeMesh,
  memberOf,
  prekeyOf,
  sealBetween,
  withJoined
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { accepted } from "../testing/accepted.ts"
import { eventually } from "../testing/eventually.ts"
import { attachedTo, FakeBroker, refusesAttach } from "../testing/fake_broker.ts"
import { brokenPromises, hostileBrokerRun, hostileBrokerWorld } from "../testing/hostile_broker.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerMadeLinks } from "../testing/made_links.ts"
import { outboxStates } from "../testing/rows.ts"
import { LinkStates } from "./link_states.ts"

/*
 * Goal: a broker can keep a daemon from its mail, and do no more than that. Method: what brokers say with a
 * few things wrong, on several connections, and an honest broker after them; then what that has found.
 * More runs of it: `npm run fuzz -- --runs N`.
 */

const RUNS = 40
const LINES_MAX = 12

const made = makeMesh("links", ["ada", "bob"])
const { deviceId: ada } = identityOf(made, "ada")
const bob = memberOf(made, "bob").device
const { mesh } = made.membership
const daemon = layerMadeLinks(made, "ada", [prekeyOf(made, "bob")]).pipe(
  Layer.provide(layerSeededRandom("links"))
)

function hasState(wanted: string) {
  return eventually(LinkStates.use(({ get }) => get(mesh)), ({ state }) => state === wanted)
}

describe("a daemon at a hostile broker", () => {
  it.effect.each(Array.from({ length: RUNS }, (_, number) => number))(
    "lives on, and works again with an honest one, in run %d",
    (number) => {
      const log = keepLog()
      return Effect.gen(function*() {
        assert.deepStrictEqual(brokenPromises(yield* hostileBrokerRun(number), log), [])
      }).pipe(Effect.provide(Layer.provideMerge(hostileBrokerWorld, log.layer)))
    }
  )

  it.effect("keeps numbers for its messages, whatever it is told of those before", () =>
    Effect.gen(function*() {
      const { follow, nextOf, opened } = yield* FakeBroker
      yield* hasState("attached")
      yield* follow((frame) => attachedTo(frame, { sseq_floor: Number.MAX_SAFE_INTEGER }))
      yield* (yield* opened).cut
      yield* TestClock.adjust("2 minutes")
      yield* follow(() => undefined)
      yield* TestClock.adjust("2 minutes")
      yield* accepted({ to: [bob] })

      const { envelope } = yield* nextOf("send")

      assert.strictEqual(envelope.header.to[0]?.sseq, 1)
      yield* eventually(outboxStates, (states) => states[0]?.[0] === "admitted")
    }).pipe(Effect.provide(daemon)))

  it.effect("does not ask for statements again and again that it has", () =>
    Effect.gen(function*() {
      const { follow, nextOf, opened } = yield* FakeBroker
      let asked = 0
      function repeating(frame: DeviceFrame): ReadonlyArray<BrokerFrame> | undefined {
        if (frame.type !== "read_statements") return undefined
        asked++
        return [{ type: "statements", ref: frame.ref, mesh, items: made.statements, head: 2 ** 40 }]
      }
      yield* follow(repeating)
      yield* hasState("attached")
      const ahead = sealBetween(withJoined(made, "cy"), { from: "cy", to: ["ada"], text: "x" })

      const wire = yield* opened
      yield* wire.say({ type: "push", log: ada, epoch: 1, seq: 1, envelope: ahead })

      assert.strictEqual((yield* nextOf("ack")).upto, 1)
      assert.strictEqual(asked, 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("comes back seldom to one that ends every connection, and says little of it", () => {
    const log = keepLog()
    return Effect.gen(function*() {
      const { connects, follow, opened } = yield* FakeBroker
      yield* hasState("attached")
      yield* follow(refusesAttach("overloaded"))
      yield* (yield* opened).cut
      yield* TestClock.adjust("1 hour")

      assert.isAbove(yield* connects, 60)
      assert.isBelow(yield* connects, 400)
      assert.isAtMost(log.lines.length, LINES_MAX)
    }).pipe(Effect.provide(Layer.provideMerge(daemon, log.layer)))
  })
})
