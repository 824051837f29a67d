import { closeCodes, type DeviceFrame } from "@claudemesh/protocol"
import {
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  sealBetween,
  statementBy
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { Meshes } from "../membership/meshes.ts"
import { connectLoopback } from "./testing/loopback.ts"
import { worldOf } from "./testing/mesh_world.ts"
import { attachFrame, INCARNATION, say, sendFrame } from "./testing/test_device.ts"

const mesh = makeMesh("attach", ["ada", "bob"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("attach") })
const other = makeMesh("attach elsewhere", ["eve"])

function letter(number: number) {
  const draft = {
    id: messageIdOf(number),
    to: [{ device: memberOf(mesh, "bob").device, sseq: number }]
  }
  return sealBetween(mesh, { from: "ada", to: ["bob"], text: `letter ${number}` }, { draft })
}

const sendLetters = Effect.fnUntraced(function*(...numbers: ReadonlyArray<number>) {
  const ada = yield* world.attach("ada")
  for (const number of numbers) {
    yield* say(ada, sendFrame(letter(number), number))
    yield* ada.inbox.next("admitted")
  }
  return ada
})

/** The answer to an attach that is refused. */
const refusalOf = Effect.fnUntraced(function*(change: (frame: DeviceFrame) => DeviceFrame) {
  const wire = yield* connectLoopback
  const frame = attachFrame(world.identityOf("ada"), yield* wire.inbox.next("challenge"))
  yield* say(wire, change(frame))
  return { wire, ...yield* wire.inbox.next("refused") }
})

describe("attach", () => {
  it.effect("sends the statements a device lacks, then who is there", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada", { statements: 1 })
      const statements = yield* ada.inbox.next("statements")
      const presence = yield* ada.inbox.next("presence")

      assert.deepStrictEqual(statements.items, mesh.statements.slice(1))
      assert.strictEqual(statements.head, mesh.membership.head.seq)
      const states = new Map(presence.items.map(({ device, state }) => [device, state]))
      assert.strictEqual(states.get(memberOf(mesh, "ada").device), "attached")
      assert.strictEqual(states.get(memberOf(mesh, "bob").device), "away")
    }).pipe(Effect.provide(world.layer)))

  it.effect("pushes what is in the mailbox, in order, and goes on after what the device has", () =>
    Effect.gen(function*() {
      yield* sendLetters(1, 2, 3)
      const first = yield* world.attach("bob")
      for (const seq of [1, 2, 3]) {
        assert.strictEqual((yield* first.inbox.next("push")).seq, seq)
      }
      const again = yield* world.attach("bob", { store_epoch: first.attached.store_epoch, upto: 2 })

      assert.strictEqual((yield* again.inbox.next("push")).seq, 3)
      assert.isAbove(again.attached.epoch, first.attached.epoch)
    }).pipe(Effect.provide(world.layer)))

  it.effect("starts over for a device that counts in another store, or beyond the end", () =>
    Effect.gen(function*() {
      yield* sendLetters(1, 2)
      const elsewhere = yield* world.attach("bob", { store_epoch: INCARNATION, upto: 2 })
      assert.strictEqual((yield* elsewhere.inbox.next("push")).seq, 1)
      const { store_epoch } = elsewhere.attached
      const beyond = yield* world.attach("bob", { store_epoch, upto: 9 })
      assert.strictEqual((yield* beyond.inbox.next("push")).seq, 1)
    }).pipe(Effect.provide(world.layer)))

  it.effect("tells a device its highest number that was ever admitted", () =>
    Effect.gen(function*() {
      const ada = yield* sendLetters(1, 2, 7)
      assert.strictEqual(ada.attached.sseq_floor, 0)
      assert.strictEqual((yield* world.attach("ada")).attached.sseq_floor, 7)
    }).pipe(Effect.provide(world.layer)))

  it.effect("takes a device from its older connection, which closes", () =>
    Effect.gen(function*() {
      const older = yield* world.attach("bob")
      yield* world.attach("bob")

      assert.strictEqual((yield* older.inbox.next("detached")).code, "replaced")
      assert.strictEqual((yield* Deferred.await(older.inbox.closing)).code, closeCodes.replaced)
    }).pipe(Effect.provide(world.layer)))

  it.effect("attaches a mesh once on a connection", () =>
    Effect.gen(function*() {
      const ada = yield* connectLoopback
      const frame = attachFrame(world.identityOf("ada"), yield* ada.inbox.next("challenge"))
      yield* say(ada, frame)
      yield* ada.inbox.next("attached")
      yield* say(ada, frame)
      assert.strictEqual((yield* ada.inbox.next("refused")).code, "already_attached")
    }).pipe(Effect.provide(world.layer)))

  it.effect("serves several meshes on one connection, and goes on with those that are left", () =>
    Effect.gen(function*() {
      yield* Meshes.use((meshes) => meshes.put(other.statements, { mayFound: true }))
      const eve = { mesh: other.membership.mesh, ...memberOf(other, "eve") }
      const both = yield* connectLoopback
      const challenge = yield* both.inbox.next("challenge")
      yield* say(both, attachFrame(world.identityOf("bob"), challenge))
      const { epoch } = yield* both.inbox.next("attached")
      yield* say(both, attachFrame(eve, challenge))
      assert.strictEqual((yield* both.inbox.next("attached")).mesh, eve.mesh)

      yield* world.attach("bob")

      const detached = yield* both.inbox.next("detached")
      assert.deepStrictEqual(
        [detached.mesh, detached.code],
        [mesh.membership.mesh, "replaced"]
      )
      yield* say(both, { type: "ack", log: memberOf(mesh, "bob").device, epoch, upto: 0 })
      assert.strictEqual((yield* both.inbox.next("refused")).code, "fenced")
      yield* say(both, sendFrame(sealBetween(other, { from: "eve", to: ["eve"], text: "note" })))
      yield* both.inbox.next("push")
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses another mesh, another device, another key", () =>
    Effect.gen(function*() {
      const eve = memberOf(other, "eve")
      const elsewhere = yield* refusalOf((frame) => ({ ...frame, mesh: other.membership.mesh }))
      const stranger = yield* refusalOf((frame) => ({ ...frame, device: eve.device }))
      const challenge = { nonce: INCARNATION, origin: "http://127.0.0.1:7843" }
      const forged = { ...world.identityOf("ada"), deviceKey: eve.deviceKey }
      const foreign = yield* refusalOf(() => attachFrame(forged, challenge))

      assert.strictEqual(elsewhere.code, "mesh_not_found")
      assert.strictEqual(stranger.code, "unknown_device")
      assert.strictEqual(foreign.code, "bad_signature")
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses what was signed for another origin", () =>
    Effect.gen(function*() {
      const wire = yield* connectLoopback
      const { nonce } = yield* wire.inbox.next("challenge")
      const relayed = { nonce, origin: "http://evil.example" }
      yield* say(wire, attachFrame(world.identityOf("ada"), relayed))
      assert.strictEqual((yield* wire.inbox.next("refused")).code, "bad_signature")
    }).pipe(Effect.provide(world.layer)))

  it.effect("closes a connection whose version it does not speak", () =>
    Effect.gen(function*() {
      const { code, wire } = yield* refusalOf((frame) => ({ ...frame, versions: [99] }))
      assert.strictEqual(code, "unsupported")
      const closing = yield* Deferred.await(wire.inbox.closing)
      assert.strictEqual(closing.code, closeCodes.unsupportedVersion)
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses a device that was revoked", () =>
    Effect.gen(function*() {
      const body = { device: memberOf(mesh, "bob").device }
      const revoke = statementBy(mesh, "ada", { kind: "device_revoke", body })
      yield* Meshes.use((meshes) => meshes.append(revoke))
      const wire = yield* connectLoopback
      const challenge = yield* wire.inbox.next("challenge")
      yield* say(wire, attachFrame(world.identityOf("bob"), challenge))

      assert.strictEqual((yield* wire.inbox.next("refused")).code, "revoked_device")
    }).pipe(Effect.provide(world.layer)))
})

describe("detach", () => {
  it.effect("leaves the mesh and keeps the connection", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* say(ada, { type: "detach", mesh: mesh.membership.mesh })
      assert.strictEqual((yield* ada.inbox.next("detached")).code, "left")
      yield* say(ada, { type: "ping", t: 1 })
      yield* ada.inbox.next("pong")
      yield* say(ada, sendFrame(letter(1)))
      assert.strictEqual((yield* ada.inbox.next("refused")).code, "not_attached")
    }).pipe(Effect.provide(world.layer)))

  it.effect("leaves an attach worth nothing that is said again on the same connection", () =>
    Effect.gen(function*() {
      const ada = yield* connectLoopback
      const frame = attachFrame(world.identityOf("ada"), yield* ada.inbox.next("challenge"))
      yield* say(ada, frame)
      yield* ada.inbox.next("attached")
      yield* say(ada, { type: "detach", mesh: mesh.membership.mesh })
      yield* say(ada, frame)
      assert.strictEqual((yield* ada.inbox.next("refused")).code, "bad_challenge")
      assert.strictEqual(ada.inbox.count("attached"), 1)
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses a mesh that is not attached here", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* say(ada, { type: "detach", mesh: other.membership.mesh })
      assert.strictEqual((yield* ada.inbox.next("refused")).code, "not_attached")
    }).pipe(Effect.provide(world.layer)))
})
