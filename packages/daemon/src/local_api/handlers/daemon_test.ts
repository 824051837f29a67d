import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Shutdown } from "../../shutdown.ts"
import { layerMadeLocalApi, madeClient } from "../../testing/made_local_api.ts"

const made = makeMesh("daemon_handlers", ["ada", "bob"])
const daemon = layerMadeLocalApi(made, "ada")

describe("daemon", () => {
  it.effect("asks for the end of the daemon", () =>
    Effect.gen(function*() {
      const { daemon } = yield* madeClient
      const { awaited } = yield* Shutdown

      assert.deepStrictEqual(yield* daemon.shutdown(), { pid: 7 })
      yield* awaited
    }).pipe(Effect.provide(daemon)))
})
