/**
 * Starts the push pipe as an agent's client does after a launch, and looks what its daemon knows of it then.
 *
 * @module
 */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { spawn } from "node:child_process"
import { EXECUTABLE } from "../executable.ts"
import { makeRealMesh } from "../testing/real_mesh.ts"
import { agentEnvironment } from "./agent_environment.ts"

const LIMIT_MILLIS = 90_000

/** A pipe that runs until the scope closes. */
function pipe(home: string, environment: Readonly<Record<string, string | undefined>>) {
  return Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [EXECUTABLE, "mcp"], {
        env: { PATH: "/usr/bin:/bin", HOME: home, CLAUDEMESH_HOME: home, ...environment },
        stdio: ["pipe", "ignore", "ignore"]
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
}

layer(NodeServices.layer, { excludeTestServices: true })("the environment of an agent", (it) => {
  describe("read by the push pipe", () => {
    it.effect(
      "makes its session what was answered at the launch",
      () =>
        Effect.gen(function*() {
          const { ada } = yield* makeRealMesh()
          yield* pipe(
            ada.home,
            agentEnvironment({
              name: "api",
              mode: "inbox",
              role: "reviewer",
              groups: "web:lead,all",
              caps: "dm,read"
            })
          )

          const { items: [session] } = yield* ada.daemon.sessions.list({}).pipe(
            Effect.repeat({
              until: ({ items }) => items.length > 0,
              schedule: Schedule.spaced("50 millis")
            }),
            Effect.timeout("30 seconds")
          )

          assert.deepInclude(session, {
            name: "api",
            agent: "claude",
            mode: "inbox",
            role: "reviewer",
            groups: [{ name: "web", role: "lead" }, { name: "all" }],
            caps: ["dm", "read"]
          })
        }),
      LIMIT_MILLIS
    )
  })
})
