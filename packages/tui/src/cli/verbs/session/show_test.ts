import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../../testing/command_line.ts"
import { session } from "../../../testing/samples.ts"

const groups = [{ name: "web", role: "lead" }, { name: "all" }]
const items = [{ ...session, role: "reviewer", groups, caps: ["dm", "read"] as const }]
const daemon = { sessions: { list: () => Effect.succeed({ items }) } }

describe("session show", () => {
  it.effect("says what it is for, and what reaches it", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["session", "show", "api"], { daemon })

      assert.strictEqual(exit, 0)
      for (
        const line of [
          "role\treviewer",
          "groups\tweb:lead,all",
          "may\tdm,read",
          "mode\tpush",
          "by\tsocket",
          "acts\tafter asking you"
        ]
      ) {
        assert.include(stdout.split("\n"), line)
      }
    }))

  it.effect("tells programs the same, with the groups one by one", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["session", "show", "api", "--json", "role,groups,caps"], {
        daemon
      })

      assert.deepStrictEqual((yield* documentOf(stdout)).item, {
        role: "reviewer",
        groups,
        caps: ["dm", "read"]
      })
    }))

  it.effect("names those that run here where none is called so", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typed(["session", "show", "web"], { daemon })

      assert.strictEqual(exit, 3)
      assert.include(stderr, "No agent \"web\" runs here")
    }))
})
