/**
 * Runs `claudemesh doctor` as a shell does, on homes that are well and homes that are broken.
 *
 * @module
 */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Clock, Effect, FileSystem } from "effect"
import { execFile } from "node:child_process"
import { createServer } from "node:net"
import { EXECUTABLE } from "../executable.ts"
import { documentOf } from "../testing/command_line.ts"
import { makeRealMesh } from "../testing/real_mesh.ts"

const LIMIT_MILLIS = 90_000

interface Executed {
  readonly exit: number | string | null | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program; the user's directory is the one above the home. */
function execute(home: string, program: string, args: ReadonlyArray<string>) {
  const user = home.slice(0, home.lastIndexOf("/"))
  const env = { PATH: "/usr/bin:/bin", HOME: user, CLAUDEMESH_HOME: home }
  return Effect.callback<Executed>((resume) => {
    const child = execFile(
      program,
      args,
      { env, cwd: user },
      (error, stdout, stderr) =>
        resume(Effect.succeed({ exit: error === null ? 0 : error.code, stdout, stderr }))
    )
    child.stdin?.end()
  })
}

function claudemesh(home: string, ...words: ReadonlyArray<string>) {
  return execute(home, process.execPath, [EXECUTABLE, ...words])
}

/** The status of each thing that was looked at, by id. */
const examined = Effect.fnUntraced(function*(home: string, ...words: ReadonlyArray<string>) {
  const { exit, stdout } = yield* claudemesh(home, "doctor", "--json", ...words)
  const { items = [] } = yield* documentOf(stdout)
  const failures = items.filter(({ status }) => status === "failed").map(({ says }) => says)
  const found = Object.fromEntries(items.map(({ id, status }) => [String(id), status]))
  return { exit, found, failures }
})

const temporary = FileSystem.FileSystem.use((fs) => fs.makeTempDirectoryScoped({ prefix: "cm-" }))

/** A socket that accepts, and never says a word. */
function silentSocket(path: string) {
  return Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer(() => {})
      server.listen(path, () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.sync(() => {
        server.close()
        server.unref()
      })
  )
}

layer(NodeServices.layer, { excludeTestServices: true })("claudemesh doctor", (it) => {
  it.effect("finds a mesh well, with a round trip to a peer", () =>
    Effect.gen(function*() {
      const { ada } = yield* makeRealMesh()
      const { exit, failures, found } = yield* examined(ada.home)

      assert.deepStrictEqual({ exit, failures }, { exit: 0, failures: [] })
      assert.include(found, {
        home: "ok",
        daemon: "ok",
        "broker/home": "ok",
        "round_trip/home": "ok",
        held: "ok",
        database: "skipped"
      })
    }), LIMIT_MILLIS)

  it.effect(
    "closes what is open and starts the daemon, and what failed is well then",
    () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const { ada } = yield* makeRealMesh()
        yield* ada.stop
        const [key = ""] = yield* fs.readDirectory(`${ada.home}/keys`)
        yield* fs.chmod(`${ada.home}/keys`, 0o755)
        yield* fs.chmod(`${ada.home}/keys/${key}`, 0o644)
        const before = yield* examined(ada.home)
        const unasked = yield* claudemesh(ada.home, "doctor", "--fix")
        const after = yield* examined(ada.home, "--fix", "--yes")
        const stopped = yield* claudemesh(ada.home, "daemon", "stop")

        assert.strictEqual(before.exit, 1)
        assert.include(before.found, { home: "failed", daemon: "failed", database: "ok" })
        assert.strictEqual(unasked.exit, 2)
        assert.include(after.found, { home: "ok", daemon: "ok" })
        assert.strictEqual((yield* fs.stat(`${ada.home}/keys/${key}`)).mode & 0o777, 0o600)
        assert.strictEqual(stopped.exit, 0)
      }),
    LIMIT_MILLIS
  )

  it.effect("does not hang with a daemon that does", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = `${yield* temporary}/cm`
      yield* fs.makeDirectory(`${home}/run`, { recursive: true, mode: 0o700 })
      yield* silentSocket(`${home}/run/daemon.sock`)
      yield* fs.chmod(`${home}/run/daemon.sock`, 0o600)
      const began = yield* Clock.currentTimeMillis
      const { exit, found } = yield* examined(home)

      assert.strictEqual(exit, 1)
      assert.include(found, { daemon: "failed", broker: "skipped", database: "skipped" })
      assert.isBelow((yield* Clock.currentTimeMillis) - began, 10_000)
    }), LIMIT_MILLIS)

  it.effect(
    "works in a home that is none, and with a database that is none",
    () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const user = yield* temporary
        yield* fs.writeFileString(`${user}/file`, "")
        yield* fs.makeDirectory(`${user}/cm/data`, { recursive: true, mode: 0o700 })
        yield* fs.writeFileString(`${user}/cm/data/daemon.sqlite`, "none ".repeat(2_000), {
          mode: 0o600
        })
        const noHome = yield* examined(`${user}/file`)
        const noDatabase = yield* examined(`${user}/cm`)

        assert.deepStrictEqual([noHome.exit, noDatabase.exit], [1, 1])
        assert.include(noHome.found, { home: "failed", daemon: "failed" })
        assert.include(noDatabase.found, { home: "ok", database: "failed" })
      }),
    LIMIT_MILLIS
  )

  it.effect("bundles what helps, and no secret", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const { ada } = yield* makeRealMesh()
      yield* ada.daemon.messages.send({
        headers: {},
        payload: { to: "bob", text: "the vault opens at dawn" }
      })
      const { link = "" } = yield* ada.daemon.invites.create({ payload: {} })
      const keys = yield* Effect.forEach(
        yield* fs.readDirectory(`${ada.home}/keys`),
        (name) => fs.readFileString(`${ada.home}/keys/${name}`)
      )
      const seeds = keys.flatMap((text) => text.match(/[\w-]{43}/g) ?? [])
      const token = "Zk3".repeat(14) + "x"
      yield* fs.makeDirectory(`${ada.home}/log`, { recursive: true, mode: 0o700 })
      yield* fs.writeFileString(
        `${ada.home}/log/daemon.log`,
        [...seeds, link, `Bearer ${token}`, "text=the vault opens at dawn", "it began"].join("\n"),
        { mode: 0o600 }
      )
      const out = `${ada.home}/../out.tar.gz`
      const { exit, stdout } = yield* claudemesh(ada.home, "doctor", "--bundle", out)
      yield* fs.makeDirectory(`${ada.home}/../out`)
      yield* execute(ada.home, "tar", ["-xzf", out, "-C", `${ada.home}/../out`])
      const names = yield* fs.readDirectory(`${ada.home}/../out`, { recursive: true })
      const texts = yield* Effect.forEach(
        names.filter((name) => name.includes(".")),
        (name) => fs.readFileString(`${ada.home}/../out/${name}`)
      )
      const whole = texts.join("\n")

      assert.strictEqual(exit, 0)
      assert.include(stdout, "bundled\tlog/daemon.log\t")
      assert.include(whole, "it began")
      assert.isAbove(seeds.length, 0)
      const secrets = [...seeds, token, link.slice(link.indexOf("#") + 1), "vault opens"]
      for (const secret of secrets) assert.notInclude(whole, secret)
    }), LIMIT_MILLIS)
})
