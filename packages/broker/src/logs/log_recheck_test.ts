import {
  appended,
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  revocationOf,
  sealBetween,
  withJoined
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { defaultBrokerLimits } from "../broker_limits.ts"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { changeOf } from "../membership/membership_change.ts"
import { LogStore } from "../store/log_store.ts"
import { MembershipStore } from "../store/membership_store.ts"

const mesh = makeMesh("recheck", ["ada", "bob"])
const options = { at: MADE_AT, random: layerSeededRandom("recheck") }
const world = worldOf(mesh, options)
const envelope = sealBetween(mesh, { from: "ada", to: ["bob"], text: "hi" })
const text = JSON.stringify(envelope)

describe("LogRecheck", () => {
  it.effect("finds what another broker on the same store has admitted", () =>
    Effect.gen(function*() {
      const receiver = yield* world.attach("bob")
      yield* TestClock.adjust("1 second")
      const store = yield* LogStore
      const ada = yield* store.attach({
        mesh: mesh.membership.mesh,
        device: memberOf(mesh, "ada").device
      })
      yield* store.admit([{ header: envelope.header, text, now: MADE_AT, epoch: ada?.epoch ?? 0 }])
      yield* TestClock.adjust("1 second")
      assert.strictEqual(receiver.inbox.count("push"), 0)

      yield* TestClock.adjust(1.5 * defaultBrokerLimits.recheckMillis)
      assert.deepStrictEqual((yield* receiver.inbox.next("push")).envelope, envelope)
    }).pipe(Effect.provide(world.layer)))

  it.effect("tells what another broker on the same store has appended, and detaches whom that ended", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const bob = yield* world.attach("bob")
      const shrunk = appended(mesh, revocationOf(mesh, "ada", "bob"))
      const statements = shrunk.statements.slice(mesh.statements.length)
      const change = changeOf(mesh.membership, shrunk.membership, statements)
      assert.isTrue(yield* MembershipStore.use(({ append }) => append(change)))

      yield* TestClock.adjust(1.5 * defaultBrokerLimits.recheckMillis)

      assert.deepStrictEqual((yield* ada.inbox.next("statements")).items, statements)
      assert.strictEqual((yield* bob.inbox.next("detached")).code, "revoked_device")
    }).pipe(Effect.provide(world.layer)))

  it.effect("need not have come before somebody attaches who has joined there", () =>
    Effect.gen(function*() {
      yield* world.attach("ada")
      const grown = withJoined(mesh, "cy")
      const statements = grown.statements.slice(mesh.statements.length)
      const change = changeOf(mesh.membership, grown.membership, statements)
      assert.isTrue(yield* MembershipStore.use(({ append }) => append(change)))

      const { attached } = yield* worldOf(grown, options).attach("cy")

      assert.deepStrictEqual(attached.head, [
        grown.membership.head.seq,
        grown.membership.head.hash
      ])
    }).pipe(Effect.provide(world.layer)))
})
