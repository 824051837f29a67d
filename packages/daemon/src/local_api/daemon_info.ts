/**
 * What the daemon says of itself: since when it runs, what needs a person, how its meshes fare.
 *
 * @module
 */
import type { DaemonStatus } from "@claudemesh/protocol/local_api"
import { Clock, Context, Effect, Layer } from "effect"
import { HealthNotes } from "../health.ts"
import { Home } from "../home.ts"
import { Meshes } from "../meshes/meshes.ts"
import { Sessions } from "../sessions/sessions.ts"
import { DAEMON_VERSION } from "../version.ts"
import { Views } from "./views.ts"

/** What the daemon says of itself. */
export class DaemonInfo extends Context.Service<DaemonInfo, {
  readonly pid: number
  readonly status: Effect.Effect<DaemonStatus>
}>()("@claudemesh/daemon/local_api/daemon_info/DaemonInfo") {
  static readonly layer = Layer.effect(
    DaemonInfo,
    Effect.gen(function*() {
      const home = yield* Home
      const health = yield* HealthNotes
      const meshes = yield* Meshes
      const sessions = yield* Sessions
      const views = yield* Views
      const startedAt = yield* Clock.currentTimeMillis
      const pid = process.pid
      const status = Effect.gen(function*() {
        return {
          version: DAEMON_VERSION,
          pid,
          home: home.directory,
          started_at: startedAt,
          health: yield* health.all,
          sessions: (yield* sessions.list).length,
          meshes: yield* Effect.flatMap(meshes.all, Effect.forEach(views.mesh))
        }
      })
      return DaemonInfo.of({ pid, status })
    })
  )
}
