import type { Attached } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { makeCallNumbers } from "../calls/call_numbers.ts"
import { HealthNotes } from "../health.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { makeNoteCopy } from "./copied_home.ts"
import { makeMailboxMarks } from "./mailbox_marks.ts"

const made = makeMesh("copied-home", ["ada", "bob"])
const mesh = made.membership.mesh
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("copied-home"))

/** A run of the daemon, which attaches under these numbers. */
const running = Effect.gen(function*() {
  const { claim } = yield* makeMailboxMarks
  const noteCopy = yield* makeNoteCopy
  return Effect.fnUntraced(function*(epoch: number, sseqFloor: number) {
    yield* claim(mesh, 0)
    const attached: Attached = {
      type: "attached",
      mesh,
      epoch,
      store_epoch: "s",
      head: [1, "h"],
      sseq_floor: sseqFloor,
      now: 0
    }
    yield* noteCopy(yield* theMesh, attached)
  })
})

/** The next number of a stream of ours. */
const nextNumber = Effect.gen(function*() {
  const { next } = yield* makeCallNumbers
  return yield* next(mesh, memberOf(made, "bob").device)
})

const notes = HealthNotes.use(({ all }) => all)

describe("makeNoteCopy", () => {
  it.effect("begins a run above all numbers there ever were, and goes on from there", () =>
    Effect.gen(function*() {
      const attach = yield* running
      yield* attach(1, 50)
      assert.strictEqual(yield* nextNumber, 51)

      yield* attach(2, 90)

      assert.strictEqual(yield* nextNumber, 52)
      assert.deepStrictEqual(yield* notes, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("says that a copy was at work, and goes on above what it took", () =>
    Effect.gen(function*() {
      const attach = yield* running
      yield* attach(1, 50)

      yield* attach(9, 90)

      assert.strictEqual(yield* nextNumber, 91)
      assert.match((yield* notes).join(), /the keys of this home were used elsewhere/)
    }).pipe(Effect.provide(daemon)))
})
