import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { refused } from "@claudemesh/protocol/errors"
import { documentOf, type Surroundings, type as typed } from "../testing/command_line.ts"
import { mesh, peer } from "../testing/samples.ts"

const NASTY = "bo\u009b31mb\u001b]8;;x\u0007\u202e"
const daemon: NonNullable<Surroundings["daemon"]> = {
  roster: {
    peers: () =>
      Effect.succeed({ mesh: mesh.mesh, mesh_name: "home", items: [{ ...peer, name: NASTY }] })
  }
}
const refusing: NonNullable<Surroundings["daemon"]> = {
  roster: {
    peers: () =>
      Effect.fail(refused("ambiguous_name", `Cannot find ${NASTY}`, { candidates: [NASTY] }))
  }
}

describe("Output", () => {
  it.effect("says one JSON document, and carries nothing that paints", () =>
    Effect.gen(function*() {
      const { exit, stderr, stdout } = yield* typed(["peers", "--json", "name,since"], { daemon })

      assert.strictEqual(exit, 0)
      assert.strictEqual(stderr, "")
      assert.strictEqual(
        stdout,
        "{\"schema_version\":\"1.0\",\"kind\":\"peer.list\",\"ok\":true,\"items\":[{\"name\":" +
          "\"bo\\u009b31mb\\u001b]8;;x\\u0007\\u202e\",\"since\":\"2026-11-24T05:58:00.000Z\"}]," +
          "\"page\":{\"all\":false},\"warnings\":[],\"next\":[{\"cmd\":\"claudemesh send " +
          "bo\\u009b31mb\\u001b]8;;x\\u0007\\u202e \\\"hello\\\"\",\"why\":\"say something\"}]}\n"
      )
    }))

  it.effect("says errors as a document too, and ends with the code of the table", () =>
    Effect.gen(function*() {
      const { exit, stderr, stdout } = yield* typed(["peers", "--json"], { daemon: refusing })

      assert.strictEqual(exit, 3)
      assert.strictEqual(stderr, "")
      assert.deepStrictEqual(yield* documentOf(stdout), {
        schema_version: "1.0",
        kind: "error",
        ok: false,
        error: {
          code: "ambiguous_name",
          message: `Cannot find ${NASTY}`,
          hint: "Say which one",
          retryable: false,
          candidates: [NASTY]
        }
      })
    }))

  it.effect("says errors to people on stderr: what, which, how else", () =>
    Effect.gen(function*() {
      const { stderr, stdout } = yield* typed(["peers"], { daemon: refusing })

      assert.strictEqual(stdout, "")
      assert.strictEqual(
        stderr,
        "error: Cannot find bob<U+202E>\n  did you mean: bob<U+202E>\n  hint: Say which one\n"
      )
    }))

  it.effect("says what comes next at a terminal and to an agent, but not into a pipe", () =>
    Effect.gen(function*() {
      const terminal = yield* typed(["peers"], { daemon, terminal: true })
      const agent = yield* typed(["peers"], { daemon, env: { CLAUDECODE: "1" } })
      const pipe = yield* typed(["peers"], { daemon })

      assert.include(
        terminal.stdout,
        "Next: claudemesh send bob<U+202E> \"hello\"  (say something)"
      )
      assert.include(agent.stdout, "Next: ")
      assert.strictEqual(
        pipe.stdout,
        "bob<U+202E>\tonline\ttower\tmember\t2026-11-24T05:58:00.000Z\n"
      )
    }))

  it.effect("takes JSON from the environment", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["peers"], { daemon, env: { CLAUDEMESH_OUTPUT: "json" } })

      assert.strictEqual((yield* documentOf(stdout)).kind, "peer.list")
    }))

  it.effect("is indented for eyes", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["--version", "--json"], { terminal: true })

      assert.include(stdout, "\n  \"kind\": \"version\",\n")
    }))
})
