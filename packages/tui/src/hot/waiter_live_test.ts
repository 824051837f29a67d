import { assert, describe, it } from "@effect/vitest"
import { receiveWaiters, waiterSocketOf, WaitingRoom } from "@claudemesh/daemon/thin"
import { spawn } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { EXECUTABLE } from "../executable.ts"

/** A home with a room for one client, and what runs a verb that waits in it. */
async function makeHome(isWanted = true) {
  const home = mkdtempSync(join(tmpdir(), "cm waiter "))
  mkdirSync(join(home, "run"), { mode: 0o700 })
  const { promise: arrival, resolve: onArrival } = Promise.withResolvers<void>()
  const room = new WaitingRoom({ isWanted: () => isWanted, onArrival })
  const server = await receiveWaiters(waiterSocketOf(home, 7), room)
  function run(kind: string, env: Readonly<Record<string, string>> = {}, stdin = "{}") {
    const child = spawn(process.execPath, [EXECUTABLE, "hook", kind], {
      env: { PATH: "/usr/bin:/bin", HOME: home, CLAUDEMESH_HOME: home, CLAUDE_PID: "7", ...env }
    })
    const said = { stdout: "", stderr: "" }
    child.stdout.on("data", (chunk) => said.stdout += chunk)
    child.stderr.on("data", (chunk) => said.stderr += chunk)
    child.stdin.end(stdin)
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve))
    const firstWords = new Promise<string>((resolve) =>
      child.stdout.once("data", (chunk) => resolve(String(chunk)))
    )
    return { ended, firstWords, said }
  }
  return {
    arrival,
    directory: home,
    room,
    run,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
      rmSync(home, { recursive: true })
    }
  }
}

describe("hook rewake", () => {
  it("ends with 2 and the text on stderr, by which the client wakes its agent", async () => {
    await using home = await makeHome()
    const { ended, said } = home.run("rewake")
    await home.arrival
    home.room.give("rewake", "a message\nof ada")

    assert.strictEqual(await ended, 2)
    assert.deepStrictEqual(said, { stdout: "", stderr: "a message\nof ada\n" })
  })

  it("does not linger after a turn where no push pipe is there", async () => {
    await using home = await makeHome()
    const { ended } = home.run("rewake", { CLAUDE_PID: "8" }, "{\"hook_event_name\":\"Stop\"}")
    const { promise: tooLong, resolve } = Promise.withResolvers<string>()
    const timer = setTimeout(() => resolve("lingers"), 8_000)

    assert.strictEqual(await Promise.race([ended, tooLong]), 0)
    clearTimeout(timer)
  })

  it("ends in silence where it is not needed", async () => {
    await using home = await makeHome(false)
    const { ended, said } = home.run("rewake")

    assert.strictEqual(await ended, 0)
    assert.deepStrictEqual(said, { stdout: "", stderr: "" })
  })

  it("waits at no socket that another user could have put there", async () => {
    await using home = await makeHome()
    chmodSync(join(home.directory, "run"), 0o777)
    const { ended, said } = home.run("rewake")

    assert.strictEqual(await ended, 0)
    assert.isFalse(home.room.has("rewake"))
    assert.deepStrictEqual(said, { stdout: "", stderr: "" })
  })
})

describe("hook monitor", () => {
  it("says each text on stdout and goes on, until its session ends", async () => {
    await using home = await makeHome()
    const { ended, firstWords, said } = home.run("monitor")
    await home.arrival
    home.room.give("monitor", "one")
    assert.strictEqual(await firstWords, "one\n")
    home.room.give("monitor", "two")
    home.room.end()

    assert.strictEqual(await ended, 0)
    assert.deepStrictEqual(said, { stdout: "one\ntwo\n", stderr: "" })
  })
})
