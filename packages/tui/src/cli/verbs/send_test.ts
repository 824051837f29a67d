import { assert, describe, it } from "@effect/vitest"
import { refused } from "@claudemesh/protocol/errors"
import type { MeshStatus, SendMessage } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../testing/command_line.ts"
import { mesh, offlineMesh, sent } from "../../testing/samples.ts"

function playing(home: MeshStatus, payloads: Array<SendMessage> = []) {
  return {
    meshes: { list: () => Effect.succeed({ items: [home] }) },
    messages: {
      send: ({ payload }: { readonly payload: SendMessage }) =>
        Effect.sync(() => {
          payloads.push(payload)
          return { ...sent, state: "queued" as const }
        })
    }
  }
}

describe("send", () => {
  it.effect("hands over what was typed, and says id and state", () =>
    Effect.gen(function*() {
      const payloads: Array<SendMessage> = []
      const line =
        "send @bob tests pass --priority now --subject ci --reply-to 019a00 --ttl 1h --mesh home"
      const { exit, stderr, stdout } = yield* typed(line.split(" "), {
        daemon: playing(mesh, payloads)
      })

      assert.deepStrictEqual({ exit, stderr, stdout }, {
        exit: 0,
        stderr: "",
        stdout: `${sent.id}\tqueued\n`
      })
      assert.deepStrictEqual(payloads, [{
        to: "@bob",
        text: "tests pass",
        mesh: "home",
        subject: "ci",
        priority: "now",
        reply_to: "019a00",
        ttl_ms: 3_600_000
      }])
    }))

  it.effect("says at a terminal what may come next", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["send", "bob", "hi"], {
        daemon: playing(mesh),
        terminal: true
      })

      assert.strictEqual(
        stdout,
        `queued  ${sent.id}  to bob\nNext: claudemesh message status ${sent.id}  (how far it is)\n`
      )
    }))

  it.effect("says where the message is while the broker cannot be reached", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typed(["send", "bob", "hi"], { daemon: playing(offlineMesh) })

      assert.strictEqual(exit, 0)
      assert.strictEqual(
        stderr,
        "warning: It is safe on this machine; the broker has not confirmed it yet (home is offline: nothing listens there)\n"
      )
    }))

  it.effect("reads stdin, and sends text that begins with a dash after --", () =>
    Effect.gen(function*() {
      const payloads: Array<SendMessage> = []
      const daemon = playing(mesh, payloads)
      yield* typed(["send", "bob", "-"], { daemon, stdin: "from a pipe\n" })
      yield* typed(["send", "bob", "--", "-1 is not a flag"], { daemon })

      assert.deepStrictEqual(payloads.map(({ text }) => text), ["from a pipe", "-1 is not a flag"])
    }))

  it.effect.each([
    { words: ["send", "bob"], stdin: "", code: "empty_message" },
    { words: ["send", "bob", "-"], stdin: Uint8Array.of(0xff, 0xfe), code: "not_text" },
    { words: ["send", "bob", "-"], stdin: "x".repeat(1_000_000), code: "too_large" },
    { words: ["send", "bob", "hi", "--id", "x"], stdin: "", code: "usage" },
    { words: ["send", "bob", "hi", "--priority", "soon"], stdin: "", code: "usage" }
  ])("sends nothing of $words, $code", ({ code, stdin, words }) =>
    Effect.gen(function*() {
      const payloads: Array<SendMessage> = []
      const { exit, stdout } = yield* typed([...words, "--json"], {
        daemon: playing(mesh, payloads),
        stdin
      })

      assert.propertyVal((yield* documentOf(stdout)).error, "code", code)
      assert.strictEqual(exit, 2)
      assert.deepStrictEqual(payloads, [])
    }))

  it.effect("shows whom one could have meant", () =>
    Effect.gen(function*() {
      const error = refused("unknown_name", "Cannot send to \"bbo\": no such peer", {
        candidates: ["bob"]
      })
      const daemon = { messages: { send: () => Effect.fail(error) } }
      const { exit, stderr } = yield* typed(["send", "bbo", "hi"], { daemon })

      assert.strictEqual(exit, 3)
      assert.strictEqual(
        stderr,
        "error: Cannot send to \"bbo\": no such peer\n  did you mean: bob\n" +
          "  hint: See who there is: claudemesh peers\n"
      )
    }))
})
