import { appended, makeMesh, memberOf, revocationOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { meshOf } from "../meshes/mesh.ts"
import { identityOf } from "../testing/made_identity.ts"
import { addressOf, deviceOf, nameOfDevice, Roster } from "./roster.ts"

const made = makeMesh("roster", ["ada", "bob", "cy"])
const bob = memberOf(made, "bob")
const shrunk = appended(made, revocationOf(made, "ada", "bob"))

function meshAs(membership: typeof made.membership | undefined) {
  const identity = identityOf(made, "ada")
  return meshOf(
    identity,
    { mesh: identity.mesh, name: "home", storeEpoch: null, upto: 0 },
    membership
  )
}

const mesh = meshAs(made.membership)

const states = Roster.use(({ peers }) =>
  Effect.map(peers(mesh), (all) => all.map(({ name, state }) => [name, state]))
)

describe("Roster.peers", () => {
  it.effect("knows nobody's state before the broker has said it, and after it was lost", () =>
    Effect.gen(function*() {
      const { seen, unknown } = yield* Roster
      const unseen = [["ada", "unknown"], ["bob", "unknown"], ["cy", "unknown"]]
      assert.deepStrictEqual(yield* states, unseen)

      yield* seen(mesh.id, [{ device: bob.device, state: "attached", since: 5 }])
      assert.deepStrictEqual((yield* states)[1], ["bob", "online"])

      yield* unknown(mesh.id)
      assert.deepStrictEqual(yield* states, unseen)
    }).pipe(Effect.provide(Roster.layer)))

  it.effect("takes the last word on each device, and leaves the others", () =>
    Effect.gen(function*() {
      const { peers, seen } = yield* Roster
      const cy = memberOf(made, "cy").device
      yield* seen(mesh.id, [
        { device: bob.device, state: "attached", since: 5 },
        { device: cy, state: "attached", since: 6 }
      ])

      yield* seen(mesh.id, [{ device: bob.device, state: "away", since: 7 }])

      const shown = (yield* peers(mesh)).map(({ name, since, state }) => [name, state, since])
      assert.deepStrictEqual(shown, [
        ["ada", "unknown", undefined],
        ["bob", "away", 7],
        ["cy", "online", 6]
      ])
    }).pipe(Effect.provide(Roster.layer)))

  it.effect("marks this device, and lists nobody who was revoked", () =>
    Effect.gen(function*() {
      const { peers } = yield* Roster

      const shown = yield* peers(meshAs(shrunk.membership))

      assert.deepStrictEqual(shown.map(({ name, self }) => [name, self]), [["ada", true], [
        "cy",
        false
      ]])
    }).pipe(Effect.provide(Roster.layer)))

  it.effect("lists nobody while the log is not here", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Roster.use(({ peers }) => peers(meshAs(undefined))), [])
    }).pipe(Effect.provide(Roster.layer)))
})

describe("Roster.resolve", () => {
  it.effect("finds whoever is meant, and not whoever was revoked", () =>
    Effect.gen(function*() {
      const { resolve } = yield* Roster

      const { devices } = yield* resolve(mesh, "bob")

      assert.deepStrictEqual(devices.map(({ device_id }) => device_id), [bob.device])
      const refusal = yield* Effect.flip(resolve(meshAs(shrunk.membership), "bob"))
      assert.strictEqual(refusal.code, "unknown_name")
    }).pipe(Effect.provide(Roster.layer)))
})

describe("addressOf", () => {
  it("says which device of a member; else the id", () => {
    assert.strictEqual(addressOf(made.membership, bob.device), "bob@bob-box")
    assert.strictEqual(addressOf(undefined, bob.device), bob.device)
  })
})

describe("nameOfDevice", () => {
  it("is the member's name, also after it was revoked; else the id", () => {
    assert.strictEqual(nameOfDevice(shrunk.membership, bob.device), "bob")
    assert.strictEqual(nameOfDevice(undefined, bob.device), bob.device)
    assert.strictEqual(deviceOf(shrunk.membership, bob.device)?.member, bob.id)
    assert.isUndefined(deviceOf(undefined, bob.device))
  })
})
