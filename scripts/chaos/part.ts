/**
 * A process that is killed, frozen and started again, and started again as well if it ends by itself.
 *
 * @module
 */
import { type RealProcess, startProcess } from "@claudemesh/testkit"
import { Effect, Option, Ref, Schedule, Scope, Semaphore } from "effect"
import { appendFileSync } from "node:fs"
import { EXECUTABLE } from "../../packages/tui/src/executable.ts"

/** What runs, and how it is known to be ready. */
export interface PartOptions {
  readonly name: string
  readonly args: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
  readonly isReady: Effect.Effect<boolean>
  /** Where what it says is kept. */
  readonly log: string
}

/** A process of a run. Each effect returns once it is done: the process gone, or ready. */
export interface Part {
  readonly name: string
  readonly start: Effect.Effect<void>
  readonly kill: Effect.Effect<void>
  readonly stop: Effect.Effect<void>
  readonly freeze: (frozen: boolean) => Effect.Effect<void>
  /** When it ended by itself, and its last words. */
  readonly crashes: ReadonlyArray<string>
}

/** How long a process may take until it is ready, the restarts of one that ends again included. */
const READY_WITHIN = "120 seconds"
const AGAIN_AFTER = "300 millis"

const LAST_WORDS_MAX = 400

/** A process that does not run yet; the scope's end kills it. */
export const makePart = Effect.fnUntraced(function*(
  { args, env, isReady, log, name }: PartOptions
): Effect.fn.Return<Part, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const running = yield* Ref.make<RealProcess | undefined>(undefined)
  const alone = yield* Semaphore.make(1)
  const crashes: Array<string> = []
  const command = {
    command: process.execPath,
    args: [EXECUTABLE, ...args],
    env: { PATH: "/usr/bin:/bin", ...env }
  }

  const launch = Effect.gen(function*() {
    const child = yield* Scope.provide(startProcess(command), scope)
    yield* Ref.set(running, child)
    yield* Effect.forkIn(watch(child), scope)
    return child
  })
  const ready = Effect.gen(function*() {
    const child = yield* launch
    const isUp = yield* Effect.raceFirst(
      Effect.repeat(isReady, {
        schedule: Schedule.spaced("30 millis"),
        until: (isReady) => isReady
      }),
      Effect.as(child.exit, false)
    )
    if (!isUp) yield* Effect.sleep(AGAIN_AFTER)
    return isUp
  })
  const start = Effect.gen(function*() {
    if ((yield* Ref.get(running)) !== undefined) return
    yield* Effect.repeat(ready, { until: (isUp) => isUp }).pipe(
      Effect.timeoutOrElse({
        duration: READY_WITHIN,
        orElse: () => Effect.die(new Error(`${name} does not become ready: see ${log}`))
      })
    )
  })
  /** Whoever ends it takes it out of `running` first. */
  const watch = Effect.fnUntraced(function*(child: RealProcess) {
    const code = yield* child.exit
    const output = yield* child.output
    appendFileSync(log, `${output}\n--- pid ${child.pid} has ended\n`)
    if ((yield* Ref.get(running)) !== child) return
    const words = output.trim().slice(-LAST_WORDS_MAX)
    crashes.push(
      `${name} ended by itself with ${Option.getOrElse(code, () => "a signal")}: ${words}`
    )
    yield* Ref.set(running, undefined)
  })
  const end = Effect.fnUntraced(function*(signal: "SIGKILL" | "SIGTERM") {
    const child = yield* Ref.getAndSet(running, undefined)
    if (child !== undefined) yield* child.end(signal)
  })
  return {
    name,
    crashes,
    start: alone.withPermit(start),
    kill: alone.withPermit(end("SIGKILL")),
    stop: alone.withPermit(end("SIGTERM")),
    freeze: (frozen) =>
      Effect.map(Ref.get(running), (child) => {
        if (child?.isRunning() === true) process.kill(child.pid, frozen ? "SIGSTOP" : "SIGCONT")
      })
  }
})
