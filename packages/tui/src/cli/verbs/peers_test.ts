import { assert, describe, it } from "@effect/vitest"
import type { Peer } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { type as typed } from "../../testing/command_line.ts"
import { mesh, peer } from "../../testing/samples.ts"

const { since: _, ...noSince } = peer
const gone: Peer = { ...noSince, name: "zoe", state: "gone" }
const self: Peer = { ...peer, name: "ada", device: "laptop", role: "admin", self: true }

function playing(items: ReadonlyArray<Peer>) {
  return { roster: { peers: () => Effect.succeed({ mesh: mesh.mesh, mesh_name: "home", items }) } }
}

describe("peers", () => {
  it.effect("lists the others, those who are there first", () =>
    Effect.gen(function*() {
      const daemon = playing([gone, self, peer])
      const { stdout } = yield* typed(["peers"], { daemon, terminal: true })

      assert.strictEqual(
        stdout,
        "NAME  STATE   DEVICE  ROLE    SINCE\n" +
          "bob   online  tower   member  2m ago\n" +
          "zoe   gone    tower   member\n" +
          "Next: claudemesh send bob \"hello\"  (say something)\n"
      )
    }))

  it.effect("lists oneself with --all", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["peers", "--all"], { daemon: playing([peer, self]) })

      assert.match(stdout, /^ada\tonline\tlaptop\tadmin\t\S+\tyou\nbob\t/)
    }))

  it.effect("shows a person twenty, and a program all", () =>
    Effect.gen(function*() {
      const daemon = playing(Array.from({ length: 25 }, (_, at) => ({ ...peer, name: `bot${at}` })))
      const eyes = yield* typed(["peers"], { daemon, terminal: true })
      const pipe = yield* typed(["peers"], { daemon })

      assert.include(eyes.stdout, "… 5 more: --all")
      assert.lengthOf(pipe.stdout.trimEnd().split("\n"), 25)
    }))

  it.effect("says so where nobody is", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["peers"], { daemon: playing([self]), terminal: true })

      assert.strictEqual(exit, 0)
      assert.match(stdout, /^Nobody else is here yet\nNext: claudemesh invite create/)
    }))
})
