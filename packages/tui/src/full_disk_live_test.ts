/**
 * Fills the disk of a machine that is being written to, and makes room again.
 *
 * Goal: nothing is acknowledged that is not stored, the person is told why, and
 * all of it arrives by itself, once and in order, when there is room.
 *
 * @module
 */
import { messageIdOf, smallDisk, withoutSmallDisk } from "@claudemesh/testkit"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schedule } from "effect"
import { type Machine, makeBroker, makeMachine } from "./testing/real_mesh.ts"

const MEGABYTE = 1_048_576
const MESSAGES = 12

const messages = Array.from({ length: MESSAGES }, (_, number) => ({
  id: messageIdOf(number),
  text: `${number} ${"x".repeat(30_000)}`
}))

/** Looks until what is seen holds. */
function until<A, E>(look: Effect.Effect<A, E>, holds: (seen: A) => boolean) {
  return look.pipe(
    Effect.filterOrFail(holds),
    Effect.retry(Schedule.spaced("50 millis")),
    Effect.timeout("30 seconds")
  )
}

/** A broker, ada on a disk that lasts, and bob on a small one. */
const meshOnSmallDisk = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* Effect.orDie(fs.makeTempDirectoryScoped({ prefix: "cm-" }))
  const disk = yield* smallDisk(`${directory}/bob`, 8 * MEGABYTE)
  const broker = yield* makeBroker(directory)
  const ada = yield* makeMachine(directory, "ada")
  const bob = yield* makeMachine(directory, "bob")
  yield* Effect.all([broker.start, ada.start, bob.start], { concurrency: "unbounded" })
  yield* ada.daemon.meshes.create({
    payload: { name: "home", broker: broker.origin, member: "ada" }
  })
  const { link = "" } = yield* ada.daemon.invites.create({ payload: {} })
  yield* bob.daemon.meshes.join({ payload: { link, member: "bob" } })
  yield* until(ada.daemon.roster.peers({ query: {} }), ({ items }) => items.length === 2)
  return { disk, ada, bob }
})

function healthOf({ daemon }: Machine) {
  return Effect.map(daemon.daemon.status({}), ({ health }) => health.join("\n"))
}

function sendAll({ daemon }: Machine) {
  return Effect.forEach(
    messages,
    (message) => daemon.messages.send({ headers: {}, payload: { to: "bob", ...message } })
  )
}

function statesOf({ daemon }: Machine) {
  return Effect.forEach(messages, ({ id }) =>
    Effect.map(
      daemon.messages.show({ params: { id }, query: {} }),
      (message) => message.direction === "sent" ? message.state : "received"
    ))
}

describe.skipIf(withoutSmallDisk())("a full disk", () => {
  it.live(
    "holds back what arrives, says so, and lets it in when there is room",
    () =>
      Effect.gen(function*() {
        const { ada, bob, disk } = yield* meshOnSmallDisk
        yield* disk.fill
        yield* sendAll(ada)

        yield* until(healthOf(bob), (health) => health.includes("The disk is full: what arrives"))
        const states = yield* until(statesOf(ada), (all) => !all.includes("queued"))
        assert.include(states, "admitted")
        assert.notInclude(states, "rejected")

        yield* disk.makeRoom
        yield* until(statesOf(ada), (all) => all.every((state) => state === "inboxed"))
        const { items } = yield* bob.daemon.messages.inbox({ query: { limit: 100 } })
        assert.deepStrictEqual(items.map(({ id, text }) => ({ id, text })), messages)
        assert.strictEqual(yield* healthOf(bob), "")
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    120_000
  )
})
