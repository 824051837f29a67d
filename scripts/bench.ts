/**
 * Runs the benches by name, or all of them, and prints a table of each: `npm run bench -- delivery`.
 *
 * Figures are for comparing within one run; nothing asserts on them.
 *
 * @module
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { delivery } from "./bench/delivery.ts"
import { table } from "./bench/figures.ts"

/** The table of benches. */
const benches = { delivery }

function isBench(name: string): name is keyof typeof benches {
  return Object.hasOwn(benches, name)
}

const program = Effect.gen(function*() {
  const asked = process.argv.slice(2)
  const unknown = asked.filter((name) => !isBench(name))
  if (unknown.length > 0) {
    const known = Object.keys(benches).join(", ")
    return yield* Effect.fail(`Cannot run bench "${unknown.join(" ")}": there are ${known}`)
  }
  for (const name of asked.length === 0 ? Object.keys(benches) : asked) {
    if (isBench(name)) yield* Console.log(table(name, yield* benches[name]))
  }
}).pipe(
  Effect.catch((error) =>
    Effect.andThen(Console.error(String(error)), Effect.sync(() => process.exitCode = 1))
  )
)

NodeRuntime.runMain(Effect.scoped(Effect.provide(program, NodeServices.layer)))
