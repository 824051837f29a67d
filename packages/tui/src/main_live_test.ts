/**
 * Runs the executable as a shell does: exit codes, what goes where, and what it leaves behind.
 *
 * @module
 */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, FileSystem, Option, Schedule, Schema } from "effect"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { startProcess } from "@claudemesh/testkit"
import { EXECUTABLE } from "./executable.ts"
import { documentOf } from "./testing/command_line.ts"
import { VERSION } from "./version.ts"

const LIMIT_MILLIS = 60_000

interface Executed {
  readonly exit: number | string | null | undefined
  readonly stdout: string
  readonly stderr: string
}

function environment(home: string) {
  return { PATH: "/usr/bin:/bin", HOME: home, CLAUDEMESH_HOME: `${home}/cm` }
}

function execute(home: string, line: string): Effect.Effect<Executed> {
  return Effect.callback((resume) => {
    const child = execFile(
      process.execPath,
      [EXECUTABLE, ...line.split(" ").filter((word) => word !== "")],
      { env: environment(home) },
      (error, stdout, stderr) =>
        resume(Effect.succeed({ exit: error === null ? 0 : error.code, stdout, stderr }))
    )
    child.stdin?.end()
  })
}

const temporary = FileSystem.FileSystem.use((fs) => fs.makeTempDirectoryScoped({ prefix: "cm-" }))

/** `up` in the foreground, once it has said what runs. */
const upIn = Effect.fn("upIn")(function*(home: string) {
  const up = yield* startProcess({
    command: process.execPath,
    args: [EXECUTABLE, "up", "--listen", "127.0.0.1:0", "--json"],
    env: environment(home)
  })
  const said = yield* up.output.pipe(
    Effect.flatMap(documentOf),
    Effect.retry(Schedule.spaced("50 millis")),
    Effect.timeout(LIMIT_MILLIS)
  )
  return { up, said }
})

layer(NodeServices.layer, { excludeTestServices: true })("claudemesh", (it) => {
  describe("without a daemon", () => {
    it.effect("says its version and what it can do", () =>
      Effect.gen(function*() {
        const home = yield* temporary
        const version = yield* execute(home, "--version")
        const help = yield* execute(home, "--help")
        const bare = yield* execute(home, "")

        assert.deepStrictEqual(version, { exit: 0, stdout: `claudemesh ${VERSION}\n`, stderr: "" })
        assert.strictEqual(help.exit, 0)
        assert.strictEqual(bare.exit, 0)
        assert.strictEqual(bare.stdout, help.stdout)
      }), LIMIT_MILLIS)

    it.effect(
      "answers status with 7 and the way out, and touches nothing",
      () =>
        Effect.gen(function*() {
          const home = yield* temporary
          const { exit, stderr, stdout } = yield* execute(home, "status")

          assert.strictEqual(exit, 7)
          assert.strictEqual(stdout, `not running\t${home}/cm\n`)
          assert.include(stderr, "claudemesh up")
          assert.deepStrictEqual(
            yield* FileSystem.FileSystem.use((fs) => fs.readDirectory(home)),
            []
          )
        }),
      LIMIT_MILLIS
    )

    it.effect("ends a wrong command line with 2", () =>
      Effect.gen(function*() {
        const { exit, stderr, stdout } = yield* execute(yield* temporary, "send")

        assert.strictEqual(exit, 2)
        assert.strictEqual(stdout, "")
        assert.match(stderr, /^error: Missing required argument: to\n/)
      }), LIMIT_MILLIS)

    it.effect("refuses a home that is a file, in a sentence", () =>
      Effect.gen(function*() {
        const home = yield* temporary
        yield* FileSystem.FileSystem.use((fs) => fs.writeFileString(`${home}/cm`, ""))
        const { exit, stderr } = yield* execute(home, "peers")

        assert.strictEqual(exit, 1)
        assert.match(stderr, /^error: Cannot (use|look at) "[^"]+"/)
        assert.lengthOf(stderr.trimEnd().split("\n"), 2)
      }), LIMIT_MILLIS)
  })

  describe("up", () => {
    it.effect("is found by a second one, and ended by down", () =>
      Effect.gen(function*() {
        const home = yield* temporary
        const { said, up } = yield* upIn(home)
        const second = yield* documentOf((yield* execute(home, "up --json")).stdout)
        const run = yield* execute(home, "daemon run")
        const down = yield* execute(home, "down")
        const exit = yield* up.end("SIGTERM")

        assert.nestedPropertyVal(said.item, "state", "started")
        assert.nestedPropertyVal(second.item, "state", "running")
        assert.deepStrictEqual(second.item?.["invite"], said.item?.["invite"])
        assert.strictEqual(run.exit, 5)
        assert.deepStrictEqual({ exit: down.exit, stdout: down.stdout }, {
          exit: 0,
          stdout: `Stopped the daemon (pid ${up.pid})\n`
        })
        assert.deepStrictEqual(exit, Option.some(0))
      }), LIMIT_MILLIS)

    it.effect(
      "ends well on Ctrl-C, and comes back at the same address",
      () =>
        Effect.gen(function*() {
          const home = yield* temporary
          const first = yield* upIn(home)
          const exit = yield* first.up.end("SIGINT")
          const status = yield* execute(home, "status")
          const again = yield* startProcess({
            command: process.execPath,
            args: [EXECUTABLE, "up", "--json"],
            env: environment(home)
          })
          const said = yield* again.output.pipe(
            Effect.flatMap(documentOf),
            Effect.retry(Schedule.spaced("50 millis")),
            Effect.timeout(LIMIT_MILLIS)
          )

          assert.deepStrictEqual(exit, Option.some(0))
          assert.strictEqual(status.exit, 7)
          assert.deepStrictEqual(said.item?.["broker"], first.said.item?.["broker"])
        }),
      LIMIT_MILLIS
    )
  })

  describe("a verb that needs the daemon", () => {
    it.effect("starts it, and tells of no mesh", () =>
      Effect.gen(function*() {
        const home = yield* temporary
        const peers = yield* execute(home, "peers")
        const status = yield* execute(home, "status")
        yield* execute(home, "down")

        assert.strictEqual(peers.exit, 3)
        assert.include(peers.stderr, "claudemesh join LINK")
        assert.strictEqual(status.exit, 0)
      }), LIMIT_MILLIS)
  })
})

const Manifest = Schema.fromJsonString(Schema.Struct({ version: Schema.String }))

layer(NodeServices.layer)("VERSION", (it) => {
  it.effect("is that of package.json", () =>
    Effect.gen(function*() {
      const text = readFileSync(new URL("../package.json", import.meta.url), "utf8")
      assert.strictEqual((yield* Schema.decodeEffect(Manifest)(text)).version, VERSION)
    }))
})
