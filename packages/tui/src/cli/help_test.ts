import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Command } from "effect/cli"
import { documentOf, type as typed } from "../testing/command_line.ts"
import { claudemesh } from "./verbs/mod.ts"

const LINES_MAX = 44

function pathsOf(
  command: Command.Command.Any,
  above: ReadonlyArray<string> = []
): ReadonlyArray<ReadonlyArray<string>> {
  return command.subcommands.flatMap(({ commands }) =>
    commands.flatMap((verb) => {
      const path = [...above, verb.name]
      return [path, ...pathsOf(verb, path)]
    })
  )
}

describe("help", () => {
  it.effect("begins with what it is and three examples, and is short", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["--help"])

      const lines = stdout.split("\n")
      assert.match(lines[0] ?? "", /^claudemesh: /)
      assert.lengthOf(lines.slice(0, 6).filter((line) => line.startsWith("  $ ")), 3)
      assert.isAtMost(lines.length, LINES_MAX)
    }))

  it.effect.each(pathsOf(claudemesh).map((path) => path.join(" ")))(
    "of %s has a description and an example",
    (path) =>
      Effect.gen(function*() {
        const { exit, stdout } = yield* typed([...path.split(" "), "--help", "--json"])

        const { item } = yield* documentOf(stdout)
        assert.strictEqual(exit, 0)
        assert.isNotEmpty(item?.["description"])
        assert.isNotEmpty(item?.["examples"])
        assert.notInclude(String(item?.["usage"]), "subcommand")
      })
  )
})
