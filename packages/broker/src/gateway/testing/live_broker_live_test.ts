import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { brokerOn, connectLive, foundOver } from "./live_broker.ts"
import { temporaryDirectory } from "../../testing/temporary_directory.ts"

describe("live broker", () => {
  it.live("takes a mesh and a socket", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      yield* Effect.gen(function*() {
        const mesh = makeMesh("live", ["ada"])
        assert.deepInclude(yield* foundOver(mesh.statements), { mesh: mesh.membership.mesh })
        yield* (yield* connectLive()).inbox.next("challenge")
      }).pipe(Effect.scoped, Effect.provide(brokerOn(directory)))
    }).pipe(Effect.scoped))
})
