import { layerSeededRandom, makeMesh, prekeyOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Meshes } from "../meshes/meshes.ts"
import { eventually } from "../testing/eventually.ts"
import { FakeBroker } from "../testing/fake_broker.ts"
import { identityOf } from "../testing/made_identity.ts"
import { later, layerMadeLinks, linkOf } from "../testing/made_links.ts"

const made = makeMesh("link-refusals", ["ada", "bob"])
const second = makeMesh("second", ["ada"])
const mesh = made.membership.mesh
const daemon = layerMadeLinks(made, "ada", [prekeyOf(made, "bob")]).pipe(
  Layer.provide(layerSeededRandom("link-refusals"))
)

function hasState(wanted: string, id = mesh) {
  return eventually(linkOf(id), ({ state }) => state === wanted)
}

describe("Links, a refusal after the attach", () => {
  it.effect("of one mesh leaves the others at the broker alone, and is over after a while", () =>
    Effect.gen(function*() {
      const { connects, opened } = yield* FakeBroker
      const { add } = yield* Meshes
      const other = identityOf(second, "ada")
      yield* add(other, second.statements)
      yield* hasState("attached")
      yield* hasState("attached", other.mesh)

      const { say } = yield* opened
      yield* say({ type: "refused", mesh: other.mesh, code: "not_permitted", message: "No" })
      yield* hasState("refused", other.mesh)
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual((yield* linkOf(mesh)).state, "attached")
      assert.strictEqual(yield* connects, 1)

      yield* Effect.repeat(later, { times: 1 })
      yield* hasState("attached", other.mesh)
    }).pipe(Effect.provide(daemon)))

  it.effect.each(["already_attached", "overloaded"] as const)(
    "with %s costs the connection, and no time",
    (code) =>
      Effect.gen(function*() {
        const { connects, opened } = yield* FakeBroker
        yield* hasState("attached")
        const { say } = yield* opened

        yield* say({ type: "refused", mesh, code, message: "Not now" })
        yield* hasState("offline")
        yield* later

        yield* hasState("attached")
        assert.strictEqual(yield* connects, 2)
      }).pipe(Effect.provide(daemon))
  )
})
