/**
 * Puts a home back from a backup, and runs a copy of one beside it.
 *
 * Goal: nothing that was said meanwhile is missing or twice, no message is
 * refused because its number was taken, and whoever has a copy is told.
 *
 * @module
 */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schedule } from "effect"
import { type Machine, makeMachine, makeRealMesh } from "./testing/real_mesh.ts"

/** Looks until what is seen holds. */
function until<A, E>(look: Effect.Effect<A, E>, holds: (seen: A) => boolean) {
  return look.pipe(
    Effect.filterOrFail(holds),
    Effect.retry(Schedule.spaced("50 millis")),
    Effect.timeout("20 seconds")
  )
}

function say({ daemon }: Machine, to: string, ...texts: ReadonlyArray<string>) {
  return Effect.forEach(
    texts,
    (text) => daemon.messages.send({ headers: {}, payload: { to, text } })
  )
}

/** What has come, once it is so much. */
function arrived({ daemon }: Machine, count: number) {
  return until(
    Effect.map(
      daemon.messages.inbox({ query: { limit: 100 } }),
      ({ items }) => items.map(({ text }) => text)
    ),
    ({ length }) => length >= count
  )
}

function healthOf({ daemon }: Machine) {
  return Effect.map(daemon.daemon.status({}), ({ health }) => health.join("\n"))
}

/** How a machine is connected, once it is so. */
function linked({ daemon }: Machine, state: string) {
  return until(daemon.daemon.status({}), ({ meshes }) => meshes[0]?.link.state === state)
}

/** The machine stands still while its home is copied. */
const copied = Effect.fnUntraced(function*(machine: Machine, to: string) {
  const fs = yield* FileSystem.FileSystem
  yield* machine.stop
  yield* fs.copy(machine.home, to)
})

describe("a home that is put back from a backup", () => {
  it.live("gets what it has lost, and takes no number twice", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const { ada, bob, directory } = yield* makeRealMesh()
      yield* say(ada, "bob", "1", "2")
      yield* say(bob, "ada", "a")
      yield* Effect.all([arrived(bob, 2), arrived(ada, 1)])
      yield* copied(bob, `${directory}/backup`)
      yield* bob.start
      yield* say(ada, "bob", "3", "4")
      yield* say(bob, "ada", "b", "c")
      yield* Effect.all([arrived(bob, 4), arrived(ada, 3)])

      yield* bob.stop
      yield* fs.remove(bob.home, { recursive: true })
      yield* fs.copy(`${directory}/backup`, bob.home)
      yield* bob.start
      yield* linked(bob, "attached")
      yield* say(bob, "ada", "d", "e")

      assert.deepStrictEqual(yield* arrived(bob, 4), ["1", "2", "3", "4"])
      assert.deepStrictEqual(yield* arrived(ada, 5), ["a", "b", "c", "d", "e"])
      assert.include(yield* healthOf(bob), "the keys of this home were used elsewhere")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)), 120_000)
})

describe("a home that runs twice", () => {
  it.live("is fenced where it ran first, and both are told", () =>
    Effect.gen(function*() {
      const { ada, bob, directory } = yield* makeRealMesh()
      yield* copied(bob, `${directory}/clone`)
      const clone = yield* makeMachine(directory, "clone")
      yield* bob.start
      yield* linked(bob, "attached")

      yield* clone.start
      yield* linked(clone, "attached")
      yield* linked(bob, "refused")
      assert.include(yield* healthOf(bob), "another machine or process has connected")
      yield* say(clone, "ada", "from the clone")
      yield* arrived(ada, 1)

      yield* bob.stop
      yield* bob.start
      yield* linked(bob, "attached")
      yield* linked(clone, "refused")
      assert.include(yield* healthOf(clone), "another machine or process has connected")
      assert.include(yield* healthOf(bob), "the keys of this home were used elsewhere")
      yield* say(bob, "ada", "from bob")
      assert.deepStrictEqual(yield* arrived(ada, 2), ["from the clone", "from bob"])
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)), 120_000)
})
