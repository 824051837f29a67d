import { NodeServices } from "@effect/platform-node"
import type { ClaudeHome } from "@claudemesh/testkit/claude_code"
import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import { chmodSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { EXECUTABLE } from "../executable.ts"
import { agentFile, makeLaunchPlace, startShell } from "./testing/launch_place.ts"

const TIMEOUT = 90_000

const PROBE = fileURLToPath(new URL("testing/terminal_probe.ts", import.meta.url))
const GIVEN_BACK = "PROBE cooked 25=on 1049=off 1000=off 1004=off 2004=off"

/** All that a terminal can send, but for the letters that end the agent. */
const KEYS = `${String.fromCodePoint(...Array.from({ length: 128 }, (_, at) => at))}ä€😀`

/** A shell in which the full-screen agent was launched, and which says what is left of it. */
const launched = Effect.fn("launched")(function*(isWrapped = false) {
  const { env, home } = yield* makeLaunchPlace()
  const agent = yield* agentFile(home)
  const CLAUDE_BIN = isWrapped ? yield* wrapped(home, agent) : agent
  const launch = `'${process.execPath}' '${EXECUTABLE}' launch --name api`
  const shell = yield* startShell({
    home,
    env: { ...env, CLAUDE_BIN },
    args: ["-c", `echo before; ${launch}; echo "ENDED $?"; '${process.execPath}' '${PROBE}'`]
  })
  yield* shell.awaitScreen("READY")
  return shell
})

/** A script that runs the agent as a process of its own. */
function wrapped(home: ClaudeHome, agent: string) {
  const script = `#!/bin/sh\n'${agent}' "$@"\nexit $?\n`
  return Effect.tap(
    home.write("bin/wrapped_agent", script),
    (path) => Effect.sync(() => chmodSync(path, 0o755))
  )
}

layer(NodeServices.layer, { excludeTestServices: true })("handOver", (it) => {
  describe("to an agent with the whole screen", () => {
    it.effect(
      "lets every byte through, and gives the terminal back with the exit code",
      () =>
        Effect.gen(function*() {
          const shell = yield* launched()
          yield* shell.type(KEYS)
          const hex = Buffer.from(KEYS).toString("hex")
          yield* shell.awaitScreen((screen) => screen.replaceAll(/\s/g, "").includes(`GOT${hex}`))
          yield* shell.type("Q")
          const after = yield* shell.awaitScreen("PROBE")

          assert.include(after, "before\napi in home · messages arrive by socket")
          assert.include(after, "ENDED 3")
          assert.include(after, GIVEN_BACK)
        }),
      TIMEOUT
    )

    it.effect.each([["K", 137], ["T", 143]] as const)(
      "puts the terminal back for one that was killed by %s",
      ([letter, code]) =>
        Effect.gen(function*() {
          const shell = yield* launched()
          yield* shell.type(letter)
          const after = yield* shell.awaitScreen("PROBE")

          assert.include(after, "before\napi in home")
          assert.include(after, `ENDED ${code}`)
          assert.include(after, GIVEN_BACK)
        }),
      TIMEOUT
    )
  })

  it.effect(
    "puts the terminal back where what runs the agent outlives it, and ends with its code",
    () =>
      Effect.gen(function*() {
        const shell = yield* launched(true)
        yield* shell.type("K")
        const after = yield* shell.awaitScreen("PROBE")

        assert.include(after, "ENDED 137")
        assert.include(after, GIVEN_BACK)
      }),
    TIMEOUT
  )

  describe("in a shell with job control", () => {
    it.effect("stops with the agent, and goes on with it", () =>
      Effect.gen(function*() {
        const { env, home } = yield* makeLaunchPlace()
        const CLAUDE_BIN = yield* agentFile(home)
        const shell = yield* startShell({
          home,
          env: { ...env, CLAUDE_BIN, PS1: "shell> " },
          args: ["--norc", "--noprofile", "-i"]
        })
        yield* shell.awaitScreen("shell>")
        yield* shell.type(`'${process.execPath}' '${EXECUTABLE}' launch -q\r`)
        yield* shell.awaitScreen("READY")
        yield* shell.type("Z")
        yield* shell.awaitScreen("Stopped")
        yield* shell.type("fg\r")
        yield* shell.awaitScreen("READY")
        yield* shell.type("Q")
        yield* shell.awaitScreen((screen) => screen.trimEnd().endsWith("shell>"))
        yield* shell.type("echo \"ENDED $?\"\r")

        yield* shell.awaitScreen("ENDED 3")
      }), TIMEOUT)

    it.effect(
      "leaves Ctrl-C to the agent, and passes on what is to end it",
      () =>
        Effect.gen(function*() {
          const { env, home } = yield* makeLaunchPlace()
          const CLAUDE_BIN = yield* home.write("bin/cooked", COOKED)
          const launch = `'${process.execPath}' '${EXECUTABLE}' launch -q`
          const shell = yield* startShell({
            home,
            env: { ...env, CLAUDE_BIN },
            args: ["-c", `chmod +x "$CLAUDE_BIN"; trap : INT; ${launch}; echo "ENDED $?"`]
          })
          yield* shell.awaitScreen("UP")
          yield* shell.press("ctrl+c")
          yield* shell.awaitScreen("INTERRUPTED")
          yield* shell.type("parent\r")

          yield* shell.awaitScreen("TOLD")
          yield* shell.awaitScreen("ENDED 9")
        }),
      TIMEOUT
    )
  })
})

/** Shows which signals it hears; at a line it has its parent ended. */
const COOKED = `#!/bin/bash
trap 'echo INTERRUPTED' INT
trap 'echo TOLD; exit 9' TERM
echo UP
until read -r line; do :; done
kill -TERM "$PPID"
while :; do read -r -t 1 line; done
`
