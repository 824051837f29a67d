/**
 * Runs the hot verbs as an agent's client does: as processes, against a real daemon, and without one.
 *
 * @module
 */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Name, SessionId } from "@claudemesh/protocol"
import { Effect, FileSystem, Schedule } from "effect"
import { spawn } from "node:child_process"
import { EXECUTABLE } from "../executable.ts"
import { makeRealMesh } from "../testing/real_mesh.ts"

const LIMIT_MILLIS = 90_000

interface Ran {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Run {
  readonly home: string
  readonly args: ReadonlyArray<string>
  readonly stdin?: string | Uint8Array
}

function run({ args, home, stdin = "" }: Run): Effect.Effect<Ran> {
  return Effect.callback((resume) => {
    const child = spawn(process.execPath, [EXECUTABLE, ...args], {
      env: { PATH: "/usr/bin:/bin", HOME: home, CLAUDEMESH_HOME: home }
    })
    const said = { stdout: "", stderr: "" }
    child.stdout.on("data", (chunk) => {
      said.stdout += chunk
    })
    child.stderr.on("data", (chunk) => {
      said.stderr += chunk
    })
    child.stdin.on("error", () => {})
    child.stdin.end(stdin)
    child.on("close", (exit) => resume(Effect.succeed({ exit, ...said })))
  })
}

/** Runs it until it has something to say: on a busy machine the daemon may take longer than it waits. */
function said(call: Run) {
  return run(call).pipe(
    Effect.repeat({ until: ({ stdout }) => stdout !== "", schedule: Schedule.spaced("50 millis") }),
    Effect.timeout("20 seconds")
  )
}

const silence = { exit: 0, stdout: "", stderr: "" }

const hostile: Readonly<Record<string, string | Uint8Array>> = {
  nothing: "",
  "no JSON": "hello",
  "no object": "[[[[",
  "binary": new Uint8Array(5_000).fill(0xff),
  "much too much": "x".repeat(2_000_000),
  "a deep object": "{\"a\":".repeat(20_000)
}

layer(NodeServices.layer, { excludeTestServices: true })("hot verbs", (it) => {
  describe("without a daemon", () => {
    it.effect.each(Object.keys(hostile))(
      "end well and say nothing, given %s",
      (name) =>
        Effect.gen(function*() {
          const fs = yield* FileSystem.FileSystem
          const home = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
          const stdin = hostile[name] ?? ""
          for (const args of [["hook", "SessionStart"], ["hook"], ["statusline"]]) {
            assert.deepStrictEqual(yield* run({ home, args, stdin }), silence)
          }

          assert.deepStrictEqual(yield* fs.readDirectory(home), [])
        }),
      LIMIT_MILLIS
    )

    it.effect("pass on the status line that was there", () =>
      Effect.gen(function*() {
        const home = yield* FileSystem.FileSystem.use((fs) => fs.makeTempDirectoryScoped())
        const ran = yield* run({ home, args: ["statusline", "--wrap", "cat"], stdin: "{\"a\":1}" })

        assert.deepStrictEqual(ran, { ...silence, stdout: "{\"a\":1}\n" })
      }), LIMIT_MILLIS)
  })

  describe("with a daemon", () => {
    it.effect(
      "tell a session where it is, what is unread, and that it has ended",
      () =>
        Effect.gen(function*() {
          const { ada, bob } = yield* makeRealMesh()
          const { home } = bob
          const id = "0f0f0f0f-1111-4222-8333-444444444444"
          yield* bob.daemon.sessions.register({
            payload: {
              id: SessionId.make(id),
              name: Name.make("api"),
              cwd: "/src/api",
              pid: process.pid
            }
          })
          yield* ada.daemon.messages.send({ headers: {}, payload: { to: "bob", text: "hello" } })
          yield* bob.daemon.messages.inbox({ query: {} }).pipe(
            Effect.repeat({
              until: ({ unread }) => unread === 1,
              schedule: Schedule.spaced("20 millis")
            }),
            Effect.timeout("20 seconds")
          )
          const stdin = JSON.stringify({ session_id: id, source: "startup", cwd: "/src/api" })
          const start = yield* said({ home, args: ["hook", "SessionStart"], stdin })
          const line = yield* said({ home, args: ["statusline", "--wrap", "echo mine"], stdin })
          const hostileLine = yield* run({ home, args: ["hook", "SessionStart"], stdin: "{" })
          const end = JSON.stringify({ session_id: id, reason: "other" })
          const left = yield* run({ home, args: ["hook", "SessionEnd"], stdin: end }).pipe(
            Effect.andThen(bob.daemon.sessions.list({})),
            Effect.repeat({
              until: ({ items }) => items.length === 0,
              schedule: Schedule.spaced("50 millis")
            }),
            Effect.timeout("20 seconds")
          )
          const again = yield* run({ home, args: ["hook", "SessionEnd"], stdin: end })

          assert.include(
            start.stdout,
            String.raw`You are \"api\" on claudemesh, in mesh \"home\".\n1 unread message;`
          )
          assert.strictEqual(start.stderr, "")
          assert.match(line.stdout, /^mine\n/)
          assert.deepStrictEqual(hostileLine, silence)
          assert.isEmpty(left.items)
          assert.deepStrictEqual(again, silence)
        }),
      LIMIT_MILLIS
    )
  })
})
