import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { tmpdir } from "node:os"
import { startInTerminal } from "./terminal_process.ts"

function running(script: string) {
  const env = { PATH: "/usr/bin:/bin", GREETING: "hello" }
  return startInTerminal({ command: "/bin/sh", args: ["-c", script], cwd: tmpdir(), env })
}

describe("TerminalProcess", () => {
  process.env["OF_THE_CALLER"] = "1"

  it.live("shows what a program asks, and hands it what is typed", () =>
    Effect.gen(function*() {
      const { awaitScreen, exit, press, type } = yield* running(
        `printf 'name? '; read -r name; echo "$GREETING $name"; exit 3`
      )
      yield* awaitScreen("name?")
      yield* type("ada")
      yield* press("enter")

      yield* awaitScreen("hello ada")
      assert.deepStrictEqual(yield* exit, Option.some(3))
    }).pipe(Effect.scoped))

  it.live("is a terminal to the program, and inherits nothing", () =>
    Effect.gen(function*() {
      const { awaitScreen } = yield* running(`test -t 0 && echo "tty [$OF_THE_CALLER]"; sleep 60`)

      yield* awaitScreen("tty []")
    }).pipe(Effect.scoped))

  it.live("is killed when its scope closes", () =>
    Effect.gen(function*() {
      const { isRunning } = yield* Effect.scoped(
        Effect.tap(running("echo up; sleep 60"), ({ awaitScreen }) => awaitScreen("up"))
      )
      assert.isFalse(isRunning())
    }))
})
