import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { documentOf, typeNow } from "../../testing/command_line.ts"

const env = {
  CLAUDEMESH_HOME: "/nowhere/and/no/home",
  CLAUDE_BIN: "/nowhere/claude",
  CLAUDE_CONFIG_DIR: "/nowhere/claude"
}

describe("doctor", () => {
  it.live("works with no home, no daemon and no client, and fails for none of it", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typeNow(["doctor"], { env, terminal: true })

      assert.strictEqual(exit, 0)
      // A checkout in a temporary directory is warned of.
      assert.match(stdout, /^(?:✓ ok {7}|! warning {2})runtime/)
      assert.match(stdout, /^! warning {2}plugin .*\n {13}fix: claudemesh install /m)
    }))

  it.live("tells programs the same, as one document", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typeNow(["doctor", "--json", "id,status"], { env })
      const { items = [], kind, page } = yield* documentOf(stdout)

      assert.strictEqual(kind, "doctor.checks")
      assert.deepInclude(items.map(({ id }) => id), "runtime")
      assert.deepStrictEqual(Object.keys(items[0] ?? {}), ["id", "status"])
      assert.nestedPropertyVal(page, "counts.failed", 0)
    }))

  it.live("refuses a file without --bundle", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typeNow(["doctor", "x.tar.gz"], { env })

      assert.strictEqual(exit, 2)
      assert.include(stderr, "--bundle was not given")
    }))
})
