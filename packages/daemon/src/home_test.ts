import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { Home, homeDirectory } from "./home.ts"
import { temporaryDirectory } from "./testing/temporary_home.ts"

describe("Home", () => {
  it.effect("makes its directories for its user alone", () =>
    Effect.gen(function*() {
      const directory = `${yield* temporaryDirectory}/deep/home`

      const home = yield* open(directory)

      for (const path of [home.directory, home.keys, home.data, home.run, home.log]) {
        assert.strictEqual(modeOf(path), 0o700)
      }
      assert.strictEqual(home.socket, `${directory}/run/daemon.sock`)
    }))

  it.effect("closes a directory of ours that was open to others", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      mkdirSync(`${directory}/keys`)
      chmodSync(`${directory}/keys`, 0o755)

      const { keys } = yield* open(directory)

      assert.strictEqual(modeOf(keys), 0o700)
    }))

  it.effect("takes the right to write from others, and leaves them the right to read", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      chmodSync(directory, 0o777)

      yield* open(directory)

      assert.strictEqual(modeOf(directory), 0o755)
    }))

  it.effect("refuses a keys directory that is a link", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      symlinkSync("/tmp", `${directory}/keys`)

      const refusal = yield* Effect.flip(open(directory))

      assert.strictEqual(refusal.code, "home_unusable")
      assert.include(refusal.message, `Cannot use "${directory}/keys": it is a symbolic link`)
    }))

  it.effect("refuses a directory of another user, and says whose it is", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      // Root may give its directory away; anybody else finds one of root's.
      const isRoot = process.getuid?.() === 0
      if (isRoot) chownSync(directory, 65_534, 65_534)

      const refusal = yield* Effect.flip(open(isRoot ? directory : "/usr"))

      assert.strictEqual(refusal.code, "home_unusable")
      assert.include(refusal.message, `belongs to user ${isRoot ? 65_534 : 0}, not to you`)
    }))

  it.effect("refuses where nothing can be made, and names the way out", () =>
    Effect.gen(function*() {
      const file = `${yield* temporaryDirectory}/file`
      writeFileSync(file, "")

      // No mode stops root, so the paths are such that the kernel itself refuses: below a file, and in /proc.
      for (const directory of [`${file}/home`, "/proc/claudemesh"]) {
        const refusal = yield* Effect.flip(open(directory))
        assert.strictEqual(refusal.code, "home_unusable")
        assert.include(refusal.message, "set CLAUDEMESH_HOME")
      }
    }))

  it.effect("refuses a relative path", () =>
    Effect.gen(function*() {
      const refusal = yield* Effect.flip(open("home"))

      assert.include(refusal.message, "Cannot use \"home\": it is not an absolute path")
    }))

  it.effect("refuses a socket path that the system would cut off, and names the way out", () =>
    Effect.gen(function*() {
      const directory = `${yield* temporaryDirectory}/${"long/".repeat(20)}`

      const refusal = yield* Effect.flip(open(directory))

      assert.strictEqual(refusal.code, "home_unusable")
      assert.include(refusal.message, "set CLAUDEMESH_SOCKET")
    }))

  it.effect("makes the directory of a socket that lies elsewhere", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory

      const home = yield* open(directory, `${directory}/elsewhere/a.sock`)

      assert.strictEqual(modeOf(`${directory}/elsewhere`), 0o700)
      assert.strictEqual(home.socket, `${directory}/elsewhere/a.sock`)
    }))
})

describe("homeDirectory", () => {
  it.effect("is below the user's own unless the environment says otherwise", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* located({})).directory, `${homedir()}/.claudemesh`)
      assert.strictEqual(
        (yield* located({ CLAUDEMESH_HOME: "" })).directory,
        `${homedir()}/.claudemesh`
      )
      assert.deepStrictEqual(yield* located({ CLAUDEMESH_HOME: "/x/" }), {
        directory: "/x",
        socket: "/x/run/daemon.sock"
      })
      assert.strictEqual((yield* located({ CLAUDEMESH_SOCKET: "/y.sock" })).socket, "/y.sock")
    }))
})

function open(directory: string, socket?: string) {
  return Effect.provide(Home, Home.layer(directory, socket))
}

function located(env: Record<string, string>) {
  return Effect.provideService(
    homeDirectory,
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromEnv({ env })
  )
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}
