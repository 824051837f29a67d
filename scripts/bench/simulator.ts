/**
 * How many simulated worlds one core plays and judges in a second: worlds of three machines with few and with many
 * messages, and plans as `npm run simulate` draws them.
 *
 * One process, one core, keys that are symbols, as for all but every hundredth seed. A world of each kind comes in
 * turn, so that whatever else the machine does meets all of them alike.
 *
 * @module
 */
import { Effect } from "effect"
import { fork } from "node:child_process"
import { grid, spread } from "./figures.ts"
import type { WorldsPlayed } from "./load/worlds_process.ts"
import type { Measured } from "./measured.ts"

const PROCESS = new URL("load/worlds_process.ts", import.meta.url)

/** As the workers of a simulation run. */
const EXEC_ARGV = ["--import", "@claudemesh/testkit/symbolic_crypto", "--stack-trace-limit=0"]

/** Plays worlds of each kind in turn. */
export const simulator = Effect.map(played(), (kinds): Measured => {
  const rows = kinds.map(({ millis, name }) => {
    const total = millis.reduce((sum, one) => sum + one, 0)
    return { name, perSecond: (millis.length * 1_000) / total, ...spread(millis) }
  })
  const lines = rows.map(({ max, median, min, name, perSecond }) => [
    name,
    ...[perSecond, min, median, max].map((figure) => figure.toFixed(1))
  ])
  const head = ["", "a second", "min ms", "p50 ms", "max ms"]
  return {
    text: grid("simulated worlds on one core", [head, ...lines]),
    figures: { simulator: rows }
  }
})

function played(): Effect.Effect<ReadonlyArray<WorldsPlayed>> {
  return Effect.callback((resume) => {
    const child = fork(PROCESS, [], { execArgv: EXEC_ARGV })
    child.once("message", (kinds: ReadonlyArray<WorldsPlayed>) => resume(Effect.succeed(kinds)))
    child.once("exit", (code) => {
      if (code !== 0) resume(Effect.die(`the worlds ended with ${code}`))
    })
    return Effect.sync(() => child.kill())
  })
}
