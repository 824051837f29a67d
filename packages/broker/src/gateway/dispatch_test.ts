import { closeCodes, PROTOCOL_VERSIONS } from "@claudemesh/protocol"
import { layerSeededRandom, MADE_AT, makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { worldOf } from "./testing/mesh_world.ts"

const mesh = makeMesh("dispatch", ["ada"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("dispatch") })

describe("Dispatch", () => {
  it.effect.each(
    [
      ["a type it does not know", `{"type":"dance","ref":7}`],
      ["a field it does not know", `{"type":"ping","t":1,"ref":7,"new":true}`],
      ["a number out of range", `{"type":"ping","t":-1,"ref":7}`]
    ] as const
  )("answers %s with its versions, and stays", ([_what, text]) =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      ada.send(text)
      const { ref, versions } = yield* ada.inbox.next("unsupported")
      assert.strictEqual(ref, 7)
      assert.deepStrictEqual(versions, PROTOCOL_VERSIONS)
      ada.send(`{"type":"ping","t":1}`)
      yield* ada.inbox.next("pong")
    }).pipe(Effect.provide(world.layer)))

  it.effect.each(
    [
      ["what is no JSON", "}{"],
      ["what is nested too deeply", `${"[".repeat(40)}${"]".repeat(40)}`],
      ["a key twice", `{"type":"ping","t":1,"t":2}`],
      ["a key that reaches a prototype", `{"type":"ping","t":1,"__proto__":{}}`],
      ["what has no type", `{"t":1}`]
    ] as const
  )("refuses %s, and closes the third time", ([_what, text]) =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      for (let time = 0; time < 3; time++) {
        ada.send(text)
        assert.strictEqual((yield* ada.inbox.next("refused")).code, "malformed")
      }
      assert.strictEqual((yield* Deferred.await(ada.inbox.closing)).code, closeCodes.policy)
    }).pipe(Effect.provide(world.layer)))

  it.effect("closes at once on a frame that is too large", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      ada.send(`"${"x".repeat(65_536)}"`)
      assert.strictEqual((yield* Deferred.await(ada.inbox.closing)).code, closeCodes.tooBig)
    }).pipe(Effect.provide(world.layer)))
})
