import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { documentOf, type as typed } from "../testing/command_line.ts"
import { received } from "../testing/samples.ts"

describe("run", () => {
  it.effect("ends a wrong command line with 2, one line and how it is used", () =>
    Effect.gen(function*() {
      const { exit, stderr, stdout } = yield* typed(["mesh", "lst"])

      assert.strictEqual(exit, 2)
      assert.strictEqual(stdout, "")
      assert.strictEqual(
        stderr,
        "error: Unknown subcommand \"lst\" for \"claudemesh mesh\"\n  did you mean: list\n" +
          "  usage: claudemesh mesh <verb> [flags]\n  hint: See claudemesh mesh --help\n"
      )
    }))

  it.effect("refuses unknown fields before it does anything", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["send", "bob", "hi", "--json=colour"], { daemon: {} })

      const { error } = yield* documentOf(stdout)
      assert.strictEqual(exit, 2)
      assert.strictEqual(
        error?.["message"],
        "Cannot choose the fields \"colour\": claudemesh send has no such"
      )
      assert.include(String(error?.["candidates"]), ",text,")
    }))

  it.effect("lists them where a word after --json is none", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["peers", "--json", "nme,state"], { daemon: {} })

      assert.strictEqual(exit, 2)
      assert.include(stdout, "Cannot choose the fields \\\"nme\\\":")
    }))

  it.effect("sends no mistyped field as a part of the text", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["send", "bob", "hi", "--json", "stat"], { daemon: {} })

      const { error } = yield* documentOf(stdout)
      assert.strictEqual(exit, 2)
      assert.include(String(error?.["message"]), "the fields \"stat\":")
      assert.include(String(error?.["candidates"]), ",state,")
    }))

  it.effect("lists the fields of a verb", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["whoami", "--json=?"])

      assert.strictEqual(exit, 0)
      assert.deepInclude((yield* documentOf(stdout)).items ?? [], { name: "member" })
    }))

  it.effect("ends a bug with 70, and one line", () =>
    Effect.gen(function*() {
      const daemon = { messages: { show: () => Effect.die("boom") } }
      const { exit, stderr } = yield* typed(["message", "show", received.id], { daemon })

      assert.strictEqual(exit, 70)
      assert.match(stderr, /^error: claudemesh has a bug: boom\n {2}hint: Report it.*\n$/)
    }))

  it.effect("shows what a group can do", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["mesh"])

      assert.strictEqual(exit, 0)
      assert.include(stdout, "usage: claudemesh mesh <verb> [flags]")
    }))
})
