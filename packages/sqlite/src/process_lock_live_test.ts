import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { acquire } from "./process_lock.ts"
import { temporaryDirectory } from "./testing/temporary_directory.ts"

/** A process that asks for the lock: prints `held` and stays until it is killed, or prints why not. */
const holder = `
  import { Effect } from "effect"
  import { acquire } from "${import.meta.resolve("./process_lock.ts")}"
  const say = (word) => Effect.sync(() => process.stdout.write(word))
  const stay = Effect.callback(() => process.stdin.resume())
  acquire(process.argv[1]).pipe(
    Effect.andThen(say("held")),
    Effect.andThen(stay),
    Effect.scoped,
    Effect.catch((refusal) => say(refusal.message)),
    Effect.runFork
  )
`

/** Starts one; answers with what it says, and how to kill it. */
const ask = Effect.fnUntraced(function*(path: string) {
  const argv = ["--input-type=module", "--eval", holder, path]
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, argv, {
        cwd: import.meta.dirname,
        stdio: ["pipe", "pipe", "inherit"]
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  const [said] = yield* Effect.promise(() => once(child.stdout, "data"))
  const kill = Effect.promise(() => {
    child.kill("SIGKILL")
    return once(child, "exit")
  })
  return { kill, pid: child.pid, said: String(said) }
})

describe("ProcessLock.acquire", () => {
  it.live("refuses a second process and names the first", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/lock`
      const first = yield* ask(path)

      const second = yield* ask(path)

      assert.strictEqual(first.said, "held")
      assert.strictEqual(second.said, `Cannot lock "${path}": process ${first.pid} holds it`)
    }))

  it.live("is free at once when its holder is killed", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/lock`
      const first = yield* ask(path)
      assert.strictEqual((yield* Effect.flip(Effect.scoped(acquire(path))))._tag, "ProcessLockHeld")

      yield* first.kill

      yield* acquire(path)
    }))

  it.live("is still held after a refusal within the holder's own process", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/lock`
      yield* acquire(path)

      yield* Effect.flip(Effect.scoped(acquire(path)))

      assert.include((yield* ask(path)).said, `process ${process.pid} holds it`)
    }))

  it.live("lets exactly one of many that ask at once have it", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/lock`

      const answers = yield* Effect.forEach(Array.from({ length: 8 }), () => ask(path), {
        concurrency: 8
      })

      assert.lengthOf(answers.filter(({ said }) => said === "held"), 1)
      assert.lengthOf(answers.filter(({ said }) => said.startsWith("Cannot lock")), 7)
    }))
})
