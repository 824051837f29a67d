import { assert, describe, it } from "@effect/vitest"
import { refused } from "@claudemesh/protocol/errors"
import type { MeshStatus } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { type as typed } from "../../testing/command_line.ts"
import { invite, mesh } from "../../testing/samples.ts"

const link = invite.link ?? ""

function playing(payloads: Array<unknown>, before: ReadonlyArray<MeshStatus> = []) {
  return {
    meshes: {
      list: () => Effect.succeed({ items: before }),
      join: ({ payload }: { readonly payload: object }) =>
        Effect.sync(() => {
          payloads.push(payload)
          return mesh
        })
    }
  }
}

describe("join", () => {
  it.effect("takes the link and the names, from the line or from stdin", () =>
    Effect.gen(function*() {
      const payloads: Array<unknown> = []
      const daemon = playing(payloads)
      yield* typed(["join", link, "--name", "ada", "--device", "laptop"], { daemon })
      yield* typed(["join", "-"], { daemon, stdin: `${link}\n` })

      assert.deepStrictEqual(payloads, [{ link, member: "ada", device: "laptop" }, { link }])
    }))

  it.effect("says as whom", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["join", link], { daemon: playing([]), terminal: true })

      assert.match(stdout, /^Joined home as ada@laptop \(admin\)\n\nmesh {5}home\n/)
      assert.include(stdout, "Next: claudemesh peers  (who is there)")
    }))

  it.effect("says so to whom is in the mesh already, and how to be somebody else", () =>
    Effect.gen(function*() {
      const daemon = playing([], [mesh])
      const { stderr, stdout } = yield* typed(["join", link, "--name", "friend"], {
        daemon,
        terminal: true
      })

      assert.match(stdout, /^You are in home already, as ada@laptop \(admin\)\n/)
      assert.include(stderr, "CLAUDEMESH_HOME")
    }))

  it.effect.each(
    [
      ["invite_expired", 6],
      ["invite_revoked", 6],
      ["invite_exhausted", 6],
      ["invite_not_found", 3],
      ["invite_malformed", 2],
      ["not_a_broker", 8]
    ] as const
  )("ends with %s as the table says: %i", ([code, exit]) =>
    Effect.gen(function*() {
      const daemon = {
        meshes: {
          ...playing([]).meshes,
          join: () => Effect.fail(refused(code, "Cannot join"))
        }
      }
      const said = yield* typed(["join", link], { daemon })

      assert.strictEqual(said.exit, exit)
      assert.notInclude(said.stderr, link)
    }))

  it.effect("refuses an empty link itself", () =>
    Effect.gen(function*() {
      const { exit } = yield* typed(["join", "-"], { daemon: playing([]), stdin: "\n" })

      assert.strictEqual(exit, 2)
    }))
})
