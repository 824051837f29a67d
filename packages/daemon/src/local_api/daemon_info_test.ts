import { layerSeededRandom, MADE_AT, makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HealthNotes } from "../health.ts"
import { Home } from "../home.ts"
import { Sessions } from "../sessions/sessions.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { DAEMON_VERSION } from "../version.ts"
import { DaemonInfo } from "./daemon_info.ts"

const made = makeMesh("info", ["ada"])
const daemon = DaemonInfo.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "ada")),
  Layer.provide(Layer.mock(Sessions)({ list: Effect.succeed([]) })),
  Layer.provideMerge(layerTemporaryHome),
  Layer.provide(layerSeededRandom("info"))
)

describe("DaemonInfo.status", () => {
  it.effect("says what runs where, what needs a person, and how its meshes fare", () =>
    Effect.gen(function*() {
      const { pid, status } = yield* DaemonInfo
      yield* HealthNotes.use(({ note }) => note("a file was damaged"))

      const said = yield* status

      assert.deepInclude(said, {
        version: DAEMON_VERSION,
        pid,
        home: (yield* Home).directory,
        started_at: MADE_AT,
        health: ["a file was damaged"],
        sessions: 0
      })
      assert.deepStrictEqual(said.meshes.map(({ name }) => name), ["home"])
    }).pipe(Effect.provide(daemon)))
})
