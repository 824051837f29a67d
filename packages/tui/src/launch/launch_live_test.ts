import {
  findClaude,
  makeScriptedApi,
  say,
  shows,
  startClaude,
  withoutClaude
} from "@claudemesh/testkit/claude_code"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Option, Schedule } from "effect"
import { EXECUTABLE } from "../executable.ts"
import { agentFile, makeLaunchPlace, startShell } from "./testing/launch_place.ts"

const TIMEOUT = 120_000

layer(NodeServices.layer, { excludeTestServices: true })("launch", (it) => {
  describe.skipIf(withoutClaude())("of Claude Code", () => {
    it.effect(
      "brings a session that answers, is known by its name, and ends with 0",
      () =>
        Effect.gen(function*() {
          const { ada, env, home } = yield* makeLaunchPlace()
          const api = yield* makeScriptedApi({ main: [say("Hello from the script")] })
          const session = yield* startClaude({
            binary: process.execPath,
            home,
            apiUrl: api.url,
            args: [EXECUTABLE, "launch", "--name", "api", "--system-prompt", "Be brief-42"],
            env: { ...env, CLAUDE_BIN: yield* findClaude() }
          })
          yield* session.awaitPrompt
          yield* session.submit("Say hello")
          yield* session.awaitScreen("Hello from the script")
          const { items } = yield* ada.daemon.sessions.list({}).pipe(
            Effect.repeat({
              until: ({ items }) => items.length > 0,
              schedule: Schedule.spaced("50 millis")
            }),
            Effect.timeout("15 seconds")
          )
          yield* session.awaitPrompt
          yield* session.submit("/exit")

          assert.deepStrictEqual(yield* session.exit, Option.some(0))
          assert.deepStrictEqual(
            items.map(({ cwd, mode, name }) => ({ cwd, mode, name })),
            [{ cwd: home.project, mode: "push", name: "api" }]
          )
          assert.isTrue(shows(yield* api.awaitMain(0), "Be brief-42"))
        }),
      TIMEOUT
    )
  })

  describe("of an agent in a terminal", () => {
    it.effect(
      "asks which of two meshes, and leaves to the agent what is typed ahead",
      () =>
        Effect.gen(function*() {
          const { broker, ada, env, home } = yield* makeLaunchPlace()
          yield* ada.daemon.meshes.create({
            payload: { name: "work", broker: broker.origin, member: "ada" }
          })
          const CLAUDE_BIN = yield* agentFile(home)
          const shell = yield* startShell({
            home,
            env: { ...env, CLAUDE_BIN },
            args: ["-c", `'${process.execPath}' '${EXECUTABLE}' launch; echo "ENDED $?"`]
          })
          const asked = yield* shell.awaitScreen("Number or name:")
          yield* shell.type("2\ry\rahead\r")
          yield* shell.awaitScreen((screen) => screen.includes(`GOT ${hex("ahead\n")}`))
          yield* shell.type("Q")
          const after = yield* shell.awaitScreen("ENDED 3")

          assert.include(asked, "Which mesh?\n  1  home")
          assert.include(after, "project in work · messages arrive by socket")
        }),
      TIMEOUT
    )

    it.effect("starts nothing for who leaves at a question", () =>
      Effect.gen(function*() {
        const { broker, ada, env, home } = yield* makeLaunchPlace()
        yield* ada.daemon.meshes.create({
          payload: { name: "work", broker: broker.origin, member: "ada" }
        })
        const CLAUDE_BIN = yield* agentFile(home)
        const launch = `'${process.execPath}' '${EXECUTABLE}' launch`
        const shell = yield* startShell({
          home,
          env: { ...env, CLAUDE_BIN },
          args: ["-c", `trap : INT; ${launch}; echo "ENDED $?"; ${launch}; echo "AGAIN $?"`]
        })
        yield* shell.awaitScreen("Number or name:")
        yield* shell.press("ctrl+d")
        yield* shell.awaitScreen("ENDED 130")
        yield* shell.awaitScreen((screen) => screen.split("Number or name:").length === 3)
        yield* shell.press("ctrl+c")

        assert.notInclude(yield* shell.awaitScreen("AGAIN 130"), "READY")
      }), TIMEOUT)
  })
})

function hex(text: string): string {
  return Buffer.from(text).toString("hex")
}
