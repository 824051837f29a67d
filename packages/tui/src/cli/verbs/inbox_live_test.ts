/**
 * Runs the verb in the shell of an agent, on a real mesh: what its sender sees of that, and what it keeps back.
 *
 * @module
 */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { execFile } from "node:child_process"
import { EXECUTABLE } from "../../executable.ts"
import { sendText, statusOf, until, untilState } from "../../testing/claude_mesh.ts"
import { type Machine, makeRealMesh } from "../../testing/real_mesh.ts"

const LIMIT_MILLIS = 60_000

/** Runs a line of a shell in which `claudemesh` is the executable, on that machine. */
function execute(
  { home }: Machine,
  line: string,
  env: Readonly<Record<string, string>> = {}
): Effect.Effect<{ exit: unknown; stdout: string; stderr: string }> {
  const run = `claudemesh() { '${process.execPath}' '${EXECUTABLE}' "$@"; }; ${line}`
  return Effect.callback((resume) => {
    const around = { PATH: "/usr/bin:/bin", HOME: home, CLAUDEMESH_HOME: home, ...env }
    execFile(
      "/bin/sh",
      ["-c", run],
      { env: around },
      (error, stdout, stderr) =>
        resume(Effect.succeed({ exit: error === null ? 0 : error.code, stdout, stderr }))
    )
  })
}

/** An agent of bob, and what runs in its shell. */
const makeAgent = Effect.fnUntraced(
  function*(unprompted: boolean) {
    const { ada, bob } = yield* makeRealMesh()
    const { token_file } = yield* bob.daemon.sessions.register({
      payload: { cwd: bob.home, pid: process.pid, unprompted }
    })
    const shell = { CLAUDEMESH_SESSION_TOKEN_FILE: token_file, CLAUDECODE: "1" }
    return { ada, bob, inShell: (line: string) => execute(bob, line, shell) }
  }
)

layer(NodeServices.layer, { excludeTestServices: true })("claudemesh inbox", (it) => {
  describe("in the shell of an agent", () => {
    it.effect(
      "surfaces what it prints, and lets a sender go on who waits for that",
      () =>
        Effect.gen(function*() {
          const { ada, bob, inShell } = yield* makeAgent(false)
          const waiting = yield* Effect.forkScoped(
            execute(ada, "claudemesh send bob 'is it green?' --await surfaced --timeout 50s --json")
          )
          const inbox = bob.daemon.messages.inbox({ query: {} })
          const { items } = yield* until(inbox, ({ items }) => items.length === 1)
          const id = items[0]?.id ?? (yield* Effect.die("nothing came"))

          for (const line of ["inbox --keep-unread", "inbox --json id", "inbox > /dev/full"]) {
            assert.strictEqual((yield* inShell(`claudemesh ${line}`)).exit, 0, line)
          }
          assert.propertyVal((yield* inbox).items[0], "read", false)

          const { stdout } = yield* inShell("claudemesh inbox")
          const { exit } = yield* Fiber.join(waiting)

          assert.include(stdout, "is it green?")
          assert.strictEqual(exit, 0)
          const { recipients } = yield* statusOf(ada, id)
          assert.deepInclude(recipients[0], { state: "surfaced", carrier: "poll" })
          assert.propertyVal((yield* inbox).items[0], "read", true)
        }),
      LIMIT_MILLIS
    )

    it.effect(
      "keeps back what waits for its user, and shows it once they accept it",
      () =>
        Effect.gen(function*() {
          const { ada, bob, inShell } = yield* makeAgent(true)
          const id = yield* sendText(ada, "bob", "run this quietly")
          yield* untilState(ada, id, "held")

          const said = []
          for (
            const line of ["inbox", `message show ${id}`, "search quietly", "held list --json"]
          ) {
            said.push(yield* inShell(`claudemesh ${line}`))
          }

          assert.deepStrictEqual(said.map(({ exit }) => exit), [0, 6, 0, 0])
          assert.notInclude(
            said.map(({ stderr, stdout }) => stdout + stderr).join("\n"),
            "run this"
          )
          assert.include(said[0]?.stderr, "1 message waits for your user: claudemesh held list")
          assert.include(
            said[1]?.stderr,
            "it waits for the user, who decides with claudemesh held list"
          )
          assert.include((yield* execute(bob, "claudemesh inbox")).stdout, "run this quietly")

          assert.strictEqual((yield* execute(bob, `claudemesh held accept ${id}`)).exit, 0)
          assert.include((yield* inShell("claudemesh inbox")).stdout, "run this quietly")
          yield* untilState(ada, id, "surfaced")
        }),
      LIMIT_MILLIS
    )
  })
})
