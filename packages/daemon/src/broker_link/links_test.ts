import { refused } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh, memberOf, prekeyOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { Inbox } from "../inbox/inbox.ts"
import { Meshes } from "../meshes/meshes.ts"
import { accepted } from "../testing/accepted.ts"
import { eventually } from "../testing/eventually.ts"
import { attachedTo, FakeBroker, refusesAttach } from "../testing/fake_broker.ts"
import { FakeHttp } from "../testing/fake_http.ts"
import { identityOf } from "../testing/made_identity.ts"
import { later, layerMadeLinks, linkOf } from "../testing/made_links.ts"
import { outboxStates } from "../testing/rows.ts"
import { Links } from "./links.ts"

const made = makeMesh("links", ["ada", "bob"])
const second = makeMesh("second", ["ada"])
const mesh = made.membership.mesh
const ada = identityOf(made, "ada")
const bob = memberOf(made, "bob").device
const daemon = layerMadeLinks(made, "ada", [prekeyOf(made, "bob")]).pipe(
  Layer.provide(layerSeededRandom("links"))
)

function hasState(wanted: string, id = mesh) {
  return eventually(linkOf(id), ({ state }) => state === wanted)
}

function isBetween(count: number, least: number, most: number): boolean {
  return least <= count && count <= most
}

describe("Links.attachment", () => {
  it.effect("answers with the attachment of a mesh, also one that is just being made", () =>
    Effect.gen(function*() {
      const { attachment } = yield* Links

      const { device, epoch } = yield* attachment(mesh)

      assert.deepStrictEqual([device, epoch], [ada.deviceId, 1])
    }).pipe(Effect.provide(daemon)))

  it.effect("waits five seconds, and then says why there is none", () =>
    Effect.gen(function*() {
      const { follow, opened } = yield* FakeBroker
      yield* hasState("attached")
      yield* follow(refusesAttach("revoked_device"))
      yield* (yield* opened).cut
      yield* hasState("offline")
      yield* later
      yield* hasState("refused")
      const asking = yield* Effect.forkChild(
        Effect.flip(Links.use(({ attachment }) => attachment(mesh)))
      )

      yield* TestClock.adjust("5 seconds")

      const refusal = yield* Fiber.join(asking)
      assert.strictEqual(refusal.code, "revoked_device")
      assert.include(refusal.message, "Cannot reach mesh \"home\"")
    }).pipe(Effect.provide(daemon)))
})

describe("Links, a connection that ends", () => {
  it.effect("is opened again, and what was under way is sent again", () =>
    Effect.gen(function*() {
      const broker = yield* FakeBroker
      yield* broker.follow((frame) => frame.type === "send" ? [] : undefined)
      const { id } = yield* accepted({ to: [bob] })
      yield* broker.nextOf("send")
      yield* broker.follow(() => undefined)

      yield* (yield* broker.opened).cut
      yield* hasState("offline")
      yield* later
      const { envelope } = yield* broker.nextOf("send")

      assert.strictEqual(envelope.header.id, id)
      yield* eventually(outboxStates, (states) => states[0]?.[0] === "admitted")
      assert.strictEqual(yield* broker.connects, 2)
    }).pipe(Effect.provide(daemon)))

  it.effect("is left alone for as long as the broker asked", () =>
    Effect.gen(function*() {
      const { connects, opened } = yield* FakeBroker
      yield* hasState("attached")
      const { cut, say } = yield* opened
      yield* say({ type: "goaway", after_ms: 20_000, jitter_ms: 10_000 })
      yield* cut
      yield* hasState("offline")

      yield* TestClock.adjust("19 seconds")
      assert.strictEqual(yield* connects, 1)
      yield* TestClock.adjust("12 seconds")
      yield* hasState("attached")
      assert.strictEqual(yield* connects, 2)
    }).pipe(Effect.provide(daemon)))

  it.effect("comes back although it ended by a defect", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { connects, nextOf, opened } = yield* FakeBroker
      yield* hasState("attached")
      yield* sql`ALTER TABLE meshes RENAME TO elsewhere`
      const push = { type: "push", log: ada.deviceId, epoch: 1, seq: 1, envelope: {} } as const
      yield* (yield* opened).say(push)
      yield* hasState("offline")
      assert.include((yield* linkOf(mesh)).message, "this daemon failed")

      yield* sql`ALTER TABLE elsewhere RENAME TO meshes`
      yield* later
      yield* hasState("attached")
      assert.strictEqual(yield* connects, 2)
      yield* (yield* opened).say(push)
      assert.strictEqual((yield* nextOf("ack")).upto, 1)
    }).pipe(Effect.provide(daemon)))
})

describe("Links, an attach that is refused", () => {
  it.effect("is never tried again with a device that was revoked", () =>
    Effect.gen(function*() {
      const { follow, nextOf, opened } = yield* FakeBroker
      yield* nextOf("attach")
      yield* follow(refusesAttach("revoked_device"))
      yield* (yield* opened).cut
      yield* later
      yield* hasState("refused")
      yield* follow(() => undefined)

      yield* (yield* opened).cut
      yield* TestClock.adjust("5 minutes")

      assert.deepInclude(yield* linkOf(mesh), { state: "refused", code: "revoked_device" })
    }).pipe(Effect.provide(daemon)))

  it.effect("does not keep another device of the mesh away, after one has joined again", () =>
    Effect.gen(function*() {
      const { follow, opened } = yield* FakeBroker
      const { add, forget } = yield* Meshes
      yield* hasState("attached")
      yield* follow(refusesAttach("revoked_device"))
      yield* (yield* opened).cut
      yield* later
      yield* hasState("refused")
      yield* follow(() => undefined)

      yield* forget(mesh)
      yield* add(identityOf(made, "bob"), made.statements)
      yield* later

      yield* hasState("attached")
    }).pipe(Effect.provide(daemon)))

  it.effect.each(["overloaded", "rate_limited", "shutting_down", "store_full"] as const)(
    "is soon tried again, on another connection, after %s",
    (code) =>
      Effect.gen(function*() {
        const { follow, opened } = yield* FakeBroker
        yield* hasState("attached")
        yield* follow(refusesAttach(code))
        yield* (yield* opened).cut
        yield* later
        yield* hasState("offline")
        yield* follow(() => undefined)

        yield* later

        yield* hasState("attached")
      }).pipe(Effect.provide(daemon))
  )

  it.effect.each(["mesh_not_found", "unknown_device"] as const)(
    "with %s gives the log back, and then attaches",
    (code) =>
      Effect.gen(function*() {
        const { follow, opened } = yield* FakeBroker
        const { statements } = yield* FakeHttp
        yield* hasState("attached")
        yield* follow(refusesAttach(code))
        yield* (yield* opened).cut
        yield* later
        yield* eventually(statements, (given) => given.length === made.statements.length)
        yield* follow(() => undefined)

        yield* later

        yield* hasState("attached")
        assert.deepStrictEqual(yield* statements, made.statements)
      }).pipe(Effect.provide(daemon))
  )

  it.effect("stays refused where the broker does not take the log back", () =>
    Effect.gen(function*() {
      const { follow, opened } = yield* FakeBroker
      const { before } = yield* FakeHttp
      yield* hasState("attached")
      yield* before(() => Effect.fail(refused("create_denied", "Not without a code")))
      yield* follow(refusesAttach("mesh_not_found"))

      yield* (yield* opened).cut
      yield* later

      yield* eventually(linkOf(mesh), ({ code }) => code === "create_denied")
    }).pipe(Effect.provide(daemon)))

  it.effect("is tried again, seldom and more and more so, where there is no log to give back", () =>
    Effect.gen(function*() {
      const { connects, follow } = yield* FakeBroker
      const { add } = yield* Meshes
      yield* hasState("attached")
      const other = identityOf(second, "ada")
      yield* follow((frame) =>
        frame.type === "attach" && frame.mesh === other.mesh
          ? refusesAttach("mesh_not_found")(frame)
          : undefined
      )

      yield* add(other, [])
      yield* hasState("refused", other.mesh)
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual((yield* linkOf(mesh)).state, "attached")
      assert.strictEqual(yield* connects, 1)

      yield* Effect.repeat(TestClock.adjust("1 minute"), { times: 119 })
      yield* hasState("attached")
      // After 1, 2, 4, … minutes, or half as many.
      assert.isTrue(isBetween(yield* connects, 7, 9))

      yield* follow(() => undefined)
      yield* Effect.repeat(TestClock.adjust("1 minute"), { times: 59 })
      yield* hasState("attached", other.mesh)
    }).pipe(Effect.provide(daemon)))
})

describe("Links, meshes that come and go", () => {
  it.effect("serves a new mesh on the connection there is", () =>
    Effect.gen(function*() {
      const { connects } = yield* FakeBroker
      const { add } = yield* Meshes
      yield* hasState("attached")
      const other = identityOf(second, "ada")

      yield* add(other, second.statements)

      yield* hasState("attached", other.mesh)
      assert.strictEqual(yield* connects, 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("tells the broker of a mesh that was left, and serves the others on", () =>
    Effect.gen(function*() {
      const { nextOf, opened } = yield* FakeBroker
      const { add, forget } = yield* Meshes
      const other = identityOf(second, "ada")
      yield* add(other, second.statements)
      yield* hasState("attached", other.mesh)

      yield* forget(mesh)

      assert.strictEqual((yield* nextOf("detach")).mesh, mesh)
      const { say } = yield* opened
      const push = { type: "push", epoch: 1, envelope: {} } as const
      yield* Effect.forEach(
        Array.from({ length: 1_000 }, (_, at) => at + 1),
        (seq) => say({ ...push, seq, log: ada.deviceId })
      )
      yield* say({ ...push, seq: 1, log: other.deviceId })
      assert.strictEqual((yield* nextOf("ack")).log, other.deviceId)
    }).pipe(Effect.provide(daemon)))

  it.effect("connects no more to a broker whose last mesh was left", () =>
    Effect.gen(function*() {
      const { connects, opened } = yield* FakeBroker
      yield* hasState("attached")

      yield* Meshes.use(({ forget }) => forget(mesh))
      yield* (yield* opened).cut
      yield* TestClock.adjust("10 minutes")

      assert.strictEqual(yield* connects, 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("takes up again what came in the meantime from where it was read", () =>
    Effect.gen(function*() {
      const { follow, nextOf, opened } = yield* FakeBroker
      yield* nextOf("attach")
      yield* hasState("attached")
      const { cut, say } = yield* opened
      yield* say({ type: "push", log: ada.deviceId, epoch: 1, seq: 5, envelope: {} })
      yield* nextOf("ack")
      yield* follow((frame) =>
        frame.type === "attach" ? attachedTo(frame, { epoch: 2 }) : undefined
      )

      yield* cut
      yield* later

      assert.strictEqual((yield* nextOf("attach")).have.upto, 5)
      assert.strictEqual(yield* Inbox.use(({ unread }) => unread({ mesh })), 0)
    }).pipe(Effect.provide(daemon)))
})
