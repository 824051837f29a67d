/**
 * Checks the daemon: whether it runs, answers, is of this version, and what it says needs a person.
 *
 * @module
 */
import { Clock, Effect, FileSystem, Option } from "effect"
import { ago } from "../cli/times.ts"
import { VERSION } from "../version.ts"
import { failed, type Finding, ok, skipped, warning } from "./finding.ts"
import { type FoundDaemon, Machine, type RunningDaemon } from "./machine.ts"

const STOP = {
  cmd: "claudemesh daemon stop",
  why: "the next verb starts another"
}

/** The daemon of this home. */
export const daemon = Effect.gen(function*() {
  const { daemon } = yield* Machine
  const found = yield* daemon
  return found.is === "running" ? yield* runningFindings(found) : [yield* absentFinding(found)]
})

const runningFindings = Effect.fnUntraced(function*({ status }: RunningDaemon) {
  const { health, pid, started_at, version } = status
  const since = ago(yield* Clock.currentTimeMillis, started_at)
  const here = version === VERSION
    ? ok(`runs, pid ${pid}, version ${version}, started ${since}`)
    : warning(`runs version ${version}, and this is ${VERSION}`, STOP)
  return [here, ...health.map(noteFinding)]
})

function noteFinding(note: string): Finding {
  const fix = { cmd: "claudemesh status", why: "what needs you, until it is mended" }
  return { ...warning(note, fix), of: "health" }
}

const absentFinding = Effect.fnUntraced(
  function*(found: Exclude<FoundDaemon, RunningDaemon>) {
    const { holder, home, start } = yield* Machine
    if (found.is === "unusable") {
      return failed(found.message, { cmd: "claudemesh doctor --fix", why: "close what is open" })
    }
    if (found.is === "silent") return failed("accepts, and does not answer within 3 s", STOP)
    const fs = yield* FileSystem.FileSystem
    const type = yield* Effect.option(fs.stat(home))
    if (Option.isNone(type)) return skipped("no home yet: claudemesh up makes one, and starts it")
    if (type.value.type !== "Directory") return skipped("the home cannot be used")
    const held = yield* holder
    if (Option.isSome(held)) {
      const { pid } = held.value
      return failed(
        `${pid === undefined ? "a process" : `pid ${pid}`} holds the home and does not answer`,
        STOP
      )
    }
    const absent: Finding = {
      ...failed("no daemon runs: what is sent to you waits at the broker", {
        cmd: "claudemesh daemon start",
        why: "after a restart of the machine the first verb that needs it starts it too"
      }),
      repair: { does: "start the daemon", run: start }
    }
    return absent
  }
)
