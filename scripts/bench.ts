/**
 * Runs the benches by name, or all of them, prints a table of each and keeps its figures: `npm run bench -- delivery`.
 *
 * Figures are for comparing within one run; nothing asserts on them. They are
 * written to `bench/results/<name>.json`.
 *
 * @module
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, type Scope } from "effect"
import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { endToEnd } from "./bench/end_to_end.ts"
import { idleWake } from "./bench/idle_wake.ts"
import type { Measured } from "./bench/measured.ts"
import { simulator } from "./bench/simulator.ts"
import { startUp } from "./bench/start_up.ts"
import { throughput } from "./bench/throughput.ts"

/** The table of benches: each is some measurements, one after the other. */
const benches: Readonly<Record<"claude" | "delivery" | "simulator", ReadonlyArray<Bench>>> = {
  delivery: [Effect.orDie(endToEnd), Effect.orDie(throughput)],
  simulator: [simulator],
  claude: [idleWake, Effect.orDie(startUp)]
}

/** One of them; what goes wrong in it ends the run, and what it cannot do without is said. */
type Bench = Effect.Effect<Measured, string, FileSystem.FileSystem | Scope.Scope>

function isBench(name: string): name is keyof typeof benches {
  return Object.hasOwn(benches, name)
}

const RESULTS = fileURLToPath(new URL("../bench/results", import.meta.url))

const keep = Effect.fnUntraced(function*(name: string, parts: ReadonlyArray<Measured>) {
  const fs = yield* FileSystem.FileSystem
  const machine = { cores: availableParallelism(), node: process.version }
  const figures = Object.assign({ bench: name, machine }, ...parts.map(({ figures }) => figures))
  yield* fs.makeDirectory(RESULTS, { recursive: true })
  yield* fs.writeFileString(`${RESULTS}/${name}.json`, `${JSON.stringify(figures, undefined, 2)}\n`)
})

const program = Effect.gen(function*() {
  const asked = process.argv.slice(2)
  const unknown = asked.filter((name) => !isBench(name))
  if (unknown.length > 0) {
    const known = Object.keys(benches).join(", ")
    return yield* Effect.fail(`Cannot run bench "${unknown.join(" ")}": there are ${known}`)
  }
  for (const name of asked.length === 0 ? Object.keys(benches) : asked) {
    if (!isBench(name)) continue
    const parts: Array<Measured> = []
    for (const measure of benches[name]) {
      const part = yield* Effect.scoped(measure)
      yield* Console.log(`${part.text}\n`)
      parts.push(part)
    }
    yield* keep(name, parts)
    yield* Console.log(`Written to bench/results/${name}.json`)
  }
}).pipe(
  Effect.catch((error) =>
    Effect.andThen(Console.error(String(error)), Effect.sync(() => process.exitCode = 1))
  )
)

NodeRuntime.runMain(Effect.scoped(Effect.provide(program, NodeServices.layer)))
