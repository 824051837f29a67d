import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, type Scope } from "effect"
import { closedFinding, home } from "./home_check.ts"
import { machine, temporary } from "./testing/fake_machine.ts"

function lookAt(directory: string, socket = `${directory}/run/daemon.sock`) {
  return Effect.map(
    Effect.provide(home, machine({ home: directory, socket })),
    ([finding]) => finding
  )
}

/** Runs with the files of this machine. */
function withFiles<A, E>(
  run: Effect.Effect<A, E, FileSystem.FileSystem | Scope.Scope>
) {
  return run.pipe(Effect.scoped, Effect.provide(machine()))
}

describe("home", () => {
  it.effect("is skipped where there is none, and named", () =>
    withFiles(Effect.gen(function*() {
      const finding = yield* lookAt(`${yield* temporary}/cm`)
      assert.strictEqual(finding?.status, "skipped")
    })))

  it.effect("is well where it is its user's alone", () =>
    withFiles(Effect.gen(function*() {
      assert.strictEqual((yield* lookAt(yield* temporary))?.status, "ok")
    })))

  it.effect("fails where a file is in its place, and says how to make room", () =>
    withFiles(Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = `${yield* temporary}/a home`
      yield* fs.writeFileString(path, "")
      const finding = yield* lookAt(path)

      assert.strictEqual(finding?.status, "failed")
      assert.strictEqual(finding?.fix?.cmd, `mv '${path}' '${path}.aside'`)
    })))

  it.effect("fails where others may write to it, and repairs that", () =>
    withFiles(Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* temporary
      yield* fs.chmod(path, 0o777)
      const finding = yield* lookAt(path)
      yield* finding?.repair?.run ?? Effect.void

      assert.strictEqual(finding?.status, "failed")
      assert.strictEqual((yield* fs.stat(path)).mode & 0o777, 0o755)
      assert.strictEqual((yield* lookAt(path))?.status, "ok")
    })))

  it.effect("fails where the socket's path is too long", () =>
    withFiles(Effect.gen(function*() {
      const finding = yield* lookAt(yield* temporary, `/${"s".repeat(100)}`)
      assert.strictEqual(finding?.status, "failed")
      assert.include(finding?.fix?.cmd, "CLAUDEMESH_SOCKET")
    })))
})

describe("closedFinding", () => {
  it("repairs nothing that somebody else owns", () => {
    const finding = closedFinding("/h", [{ path: "/h/keys/k", fault: "owner", mode: 0o600 }])

    assert.strictEqual(finding.status, "failed")
    assert.isUndefined(finding.repair)
  })

  it("names a few of many", () => {
    const open = ["a", "b", "c", "d"].map((path) => ({ path, fault: "mode" as const, mode: 0o600 }))
    assert.include(closedFinding("/h", open).says, "\"c\" and 1 more")
  })
})
