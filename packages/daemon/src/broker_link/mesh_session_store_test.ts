import { type BrokerFrame, refused } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh, memberOf, prekeyOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { HealthNotes } from "../health.ts"
import { Meshes } from "../meshes/meshes.ts"
import { accepted } from "../testing/accepted.ts"
import { eventually } from "../testing/eventually.ts"
import { attachedTo, FakeBroker } from "../testing/fake_broker.ts"
import { FakeHttp } from "../testing/fake_http.ts"
import { theMesh } from "../testing/made_daemon.ts"
import { layerMadeLinks } from "../testing/made_links.ts"
import { outboxStates, streamNumbers } from "../testing/rows.ts"
import { LinkStates } from "./link_states.ts"
import { makeGiveBack } from "./mesh_session.ts"

const made = makeMesh("session-store", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const daemon = layerMadeLinks(made, "ada", [prekeyOf(made, "bob")]).pipe(
  Layer.provide(layerSeededRandom("session-store"))
)

const linkState = LinkStates.use(({ get }) => Effect.map(get(mesh), ({ state }) => state))

/** The wire of a mesh that is attached. */
const attached = Effect.gen(function*() {
  const { opened } = yield* FakeBroker
  const wire = yield* opened
  yield* eventually(linkState, (state) => state === "attached")
  return wire
})

describe("MeshSession, another log at the broker", () => {
  const notesOfForks = HealthNotes.use(({ all }) =>
    Effect.map(all, (notes) => notes.filter((note) => note.includes("another membership log")))
  )

  it.effect("is told to the user, though it is as long as ours", () =>
    Effect.gen(function*() {
      const { follow } = yield* FakeBroker
      const { cut } = yield* attached
      assert.deepStrictEqual(yield* notesOfForks, [])
      const { seq } = made.membership.head
      yield* follow((frame) =>
        frame.type === "attach" ? attachedTo(frame, { head: [seq, "A".repeat(43)] }) : undefined
      )

      yield* cut
      yield* eventually(linkState, (state) => state !== "attached")
      yield* TestClock.adjust("31 seconds")

      yield* eventually(notesOfForks, (notes) => notes.length === 1)
    }).pipe(Effect.provide(daemon)))
})

describe("MeshSession, another store of the broker", () => {
  const OTHER_STORE = "B".repeat(21) + "A"

  it.effect("is offered again what nobody has signed for, and given the part of the log it lacks", () =>
    Effect.gen(function*() {
      const broker = yield* FakeBroker
      const http = yield* FakeHttp
      yield* http.set(made.statements.slice(0, 1))
      yield* accepted({ to: [bob] })
      const { cut } = yield* attached
      const first = yield* broker.nextOf("send")
      yield* eventually(outboxStates, (states) => states[0]?.[0] === "admitted")

      const head: Extract<BrokerFrame, { readonly type: "attached" }>["head"] = [1, "A".repeat(43)]
      yield* broker.follow((frame) =>
        frame.type === "attach"
          ? attachedTo(frame, { store_epoch: OTHER_STORE, head, sseq_floor: 0 })
          : undefined
      )
      yield* cut
      yield* TestClock.adjust("30 seconds")
      const again = yield* broker.nextOf("send")

      assert.strictEqual(again.envelope.header.id, first.envelope.header.id)
      assert.deepStrictEqual(yield* streamNumbers, [[1]])
      assert.deepStrictEqual(yield* http.statements, made.statements)
      assert.strictEqual((yield* theMesh).storeEpoch, OTHER_STORE)
    }).pipe(Effect.provide(daemon)))

  it.effect("is assumed where the broker knows less of our streams than it has admitted", () =>
    Effect.gen(function*() {
      const broker = yield* FakeBroker
      yield* accepted({ to: [bob] })
      const { cut } = yield* attached
      const first = yield* broker.nextOf("send")
      yield* eventually(outboxStates, (states) => states[0]?.[0] === "admitted")

      // The usual answer is that of a store of the same name, whose streams are empty.
      yield* cut
      yield* TestClock.adjust("30 seconds")
      const again = yield* broker.nextOf("send")

      assert.strictEqual(again.envelope.header.id, first.envelope.header.id)
    }).pipe(Effect.provide(daemon)))

  it.effect("is not noted before everything waits to be offered", () =>
    Effect.gen(function*() {
      const broker = yield* FakeBroker
      const { setStore } = yield* Meshes
      yield* accepted({ to: [bob] })
      const { cut } = yield* attached
      yield* eventually(outboxStates, (states) => states[0]?.[0] === "admitted")
      yield* setStore(mesh, { storeEpoch: OTHER_STORE, sseqFloor: 0 })
      yield* broker.follow((frame) =>
        frame.type === "send"
          ? []
          : frame.type === "attach"
          ? attachedTo(frame, { sseq_floor: 1 })
          : undefined
      )

      yield* cut
      yield* TestClock.adjust("30 seconds")
      yield* broker.nextOf("send")

      assert.deepStrictEqual(yield* outboxStates, [["sending", 0]])
    }).pipe(Effect.provide(daemon)))
})

describe("makeGiveBack", () => {
  it.effect("waits where a broker takes no more for now, and goes on from there", () =>
    Effect.gen(function*() {
      const { before, statements } = yield* FakeHttp
      const refusals = yield* Ref.make(0)
      yield* before(() =>
        Effect.flatMap(
          Ref.getAndUpdate(refusals, (count) => count + 1),
          (count) => count === 0 ? refused("rate_limited", "Not now") : Effect.void
        )
      )
      const giveBack = yield* makeGiveBack
      const giving = yield* Effect.forkChild(giveBack(mesh, 0))
      yield* eventually(Ref.get(refusals), (count) => count === 1)

      yield* TestClock.adjust("1 second")

      assert.strictEqual(yield* Fiber.join(giving), made.statements.length)
      assert.deepStrictEqual(yield* statements, made.statements)
    }).pipe(Effect.provide(daemon)))
})
