import type { DeviceId } from "@claudemesh/protocol"
import { refused } from "@claudemesh/protocol"
import { makeMesh, memberOf, prekeyOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { LinkLost } from "../broker_link/broker_transport.ts"
import { HealthNotes } from "../health.ts"
import { accepted } from "../testing/accepted.ts"
import {
  drainAmong,
  drainOn,
  layerDraining,
  placesSent,
  refuses,
  sentCount,
  settled,
  textsSent
} from "../testing/draining.ts"
import { eventually } from "../testing/eventually.ts"
import { outboxStates } from "../testing/rows.ts"
import { sign } from "../testing/under_way.ts"
import { Delivery } from "./delivery.ts"

const made = makeMesh("drain", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = layerDraining(made, "ada")

function acceptAll(to: DeviceId, texts: ReadonlyArray<string>) {
  return Effect.forEach(texts, (text) => accepted({ to: [to], text }))
}

describe("Drain.run", () => {
  it.effect("sends what waits, in the order of acceptance, and then what is accepted", () =>
    Effect.gen(function*() {
      yield* acceptAll(bob, ["1", "2"])

      const { fake } = yield* drainAmong(made)
      yield* acceptAll(bob, ["3"])
      yield* settled

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "2", "3"])
      assert.deepStrictEqual(yield* outboxStates, [
        ["admitted", 0],
        ["admitted", 0],
        ["admitted", 0]
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("sends more than are under way at once", () =>
    Effect.gen(function*() {
      yield* acceptAll(bob, numbers(150).map(String))

      const { fake } = yield* drainAmong(made)
      yield* sentCount(fake, 150)

      assert.deepStrictEqual(placesSent(fake, bob).map(({ sseq }) => sseq), numbers(150))
    }).pipe(Effect.provide(daemon)))

  it.effect("looks again, later each time, while a recipient has no prekey", () =>
    Effect.gen(function*() {
      yield* acceptAll(cy, ["1", "2"])
      const prekeys = [prekeyOf(made, "bob")]
      const { fake } = yield* drainOn(prekeys)
      function asked() {
        return fake.requests.filter(({ type }) => type === "get_prekeys").length
      }
      const looks = [asked()]
      for (const wait of ["500 millis", "1 second", "2 seconds"] as const) {
        yield* TestClock.adjust(wait)
        looks.push(asked())
      }
      assert.deepStrictEqual(looks, [1, 2, 3, 4])

      prekeys.push(prekeyOf(made, "cy"))
      yield* TestClock.adjust("30 seconds")

      assert.deepStrictEqual(textsSent(made, "cy", fake), ["1", "2"])
    }).pipe(Effect.provide(daemon)))

  it.effect("looks again though the time came while others were under way", () =>
    Effect.gen(function*() {
      const prekeys = [prekeyOf(made, "bob")]
      yield* acceptAll(cy, ["1"])
      yield* acceptAll(bob, ["slow"])
      const { fake } = yield* drainOn(
        prekeys,
        (request) =>
          request.type === "send" && prekeys.length === 1
            ? Effect.delay(
              Effect.succeed({ type: "admitted", ref: 1, id: request.envelope.header.id }),
              "10 seconds"
            )
            : undefined
      )
      prekeys.push(prekeyOf(made, "cy"))

      yield* TestClock.adjust("10 seconds")
      yield* settled

      assert.deepStrictEqual(textsSent(made, "cy", fake), [undefined, "1"])
    }).pipe(Effect.provide(daemon)))

  it.effect("does not hammer a broker that refuses everything for now", () =>
    Effect.gen(function*() {
      yield* acceptAll(bob, numbers(64).map(String))
      const { fake } = yield* drainAmong(
        made,
        (request) =>
          request.type === "send" ? Effect.fail(refused("rate_limited", "Not now")) : undefined
      )

      yield* sentCount(fake, 64)
      yield* eventually(outboxStates, (states) => states.every(([state]) => state === "pending"))
      yield* Effect.replicateEffect(TestClock.adjust("30 seconds"), 20)

      assert.isBelow(fake.sent().length, 64 + 40)
      assert.deepStrictEqual([...new Set(textsSent(made, "bob", fake).slice(64))], ["1"])
    }).pipe(Effect.provide(daemon)))

  it.effect("sends again what was refused after a while, and all that followed it, in order", () =>
    Effect.gen(function*() {
      yield* acceptAll(bob, ["1", "2", "3"])
      const { fake } = yield* drainAmong(made, refuses([1, 2, 3], refused("overloaded", "Not now")))

      yield* TestClock.adjust("500 millis")

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "2", "3", "1", "2", "3"])
      assert.deepStrictEqual(yield* outboxStates, [
        ["admitted", 0],
        ["admitted", 0],
        ["admitted", 0]
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("lets what follows a message that is sealed again wait with it", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob], text: "1" })
      const { fake } = yield* drainAmong(made)
      const reject = Effect.andThen(sign(message, "rejected", { reason: "reseal" }), settled)
      yield* reject
      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "1"])

      yield* reject
      yield* acceptAll(bob, ["2"])
      yield* accepted({ to: [cy], text: "to cy" })
      yield* settled
      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "1", undefined])

      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "1", undefined, "1", "2"])
      assert.deepStrictEqual(fake.sent().map(({ header }) => header.attempt), [0, 1, 0, 2, 0])
    }).pipe(Effect.provide(daemon)))
})

describe("Drain.run, cut off", () => {
  it.effect("sends again what was not answered, with the numbers it had", () =>
    Effect.gen(function*() {
      yield* acceptAll(bob, ["1", "2", "3"])
      const first = yield* drainAmong(made, refuses([2], new LinkLost({ reason: "cut" })))
      assert.isTrue(Exit.isFailure(yield* Fiber.await(first.fiber)))

      const second = yield* drainAmong(made)

      assert.deepStrictEqual(textsSent(made, "bob", second.fake), ["1", "2", "3"])
      assert.deepStrictEqual(placesSent(second.fake, bob), placesSent(first.fake, bob))
      assert.deepStrictEqual(
        second.fake.sent().map(({ header }) => header.commit),
        first.fake.sent().map(({ header }) => header.commit)
      )
      assert.deepStrictEqual(yield* outboxStates, [
        ["admitted", 0],
        ["admitted", 0],
        ["admitted", 0]
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("leaves nothing under way when it is interrupted", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob] })
      const { fiber } = yield* drainAmong(made, (request) =>
        request.type === "send" ? Effect.never : undefined)
      assert.deepStrictEqual(yield* outboxStates, [["sending", 0]])

      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(yield* outboxStates, [["pending", 0]])
      const { fake } = yield* drainAmong(made)

      assert.lengthOf(fake.sent(), 1)
      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("offers to another store all that nobody has signed for, in order", () =>
    Effect.gen(function*() {
      const [first] = yield* acceptAll(bob, ["1", "2", "3"])
      yield* Effect.flatMap(drainAmong(made), ({ fiber }) => Fiber.interrupt(fiber))
      if (first !== undefined) yield* sign(first, "inboxed")

      yield* Delivery.use(({ reoffer }) => reoffer(mesh))
      const { fake } = yield* drainAmong(made)

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["2", "3"])
    }).pipe(Effect.provide(daemon)))
})

describe("Drain.run, on a full disk", () => {
  it.effect("says so, keeps what was accepted, and sends it once there is space", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const health = HealthNotes.use(({ all }) => all)
      yield* acceptAll(bob, ["1", "2"])
      yield* sql`CREATE TEMP TRIGGER full BEFORE UPDATE ON outbox BEGIN
        INSERT INTO settings VALUES (new.position, hex(zeroblob(500000))); END`
      yield* sql`PRAGMA max_page_count = 1`

      const { fake, fiber } = yield* drainAmong(made)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(textsSent(made, "bob", fake), [])
      assert.match((yield* health).join(), /^The disk is full/)
      assert.isUndefined(fiber.pollUnsafe())

      yield* sql`DROP TRIGGER full`
      yield* TestClock.adjust("5 seconds")

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "2"])
      assert.deepStrictEqual(yield* health, [])
    }).pipe(Effect.provide(daemon)))
})

function numbers(count: number): Array<number> {
  return Array.from({ length: count }, (_, at) => at + 1)
}
