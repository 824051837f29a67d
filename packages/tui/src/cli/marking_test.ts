import { NodeServices } from "@effect/platform-node"
import type { InboxKey } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { agentShell } from "../testing/agent_shell.ts"
import { asDaemon, type as typed } from "../testing/command_line.ts"
import { received, sent } from "../testing/samples.ts"
import { BODY_BYTES_SHOWN } from "./reports/message.ts"
import { markRead } from "./marking.ts"

interface Read {
  readonly payload: { readonly messages: ReadonlyArray<InboxKey>; readonly printed?: boolean }
}

const own = { ...received, text: "short" }
const long = { ...received, id: sent.id, text: "x".repeat(BODY_BYTES_SHOWN + 1) }

/** What an agent's command says of the messages that it has shown. */
const saidOf = Effect.fnUntraced(
  function*(words: ReadonlyArray<string>, around: Parameters<typeof typed>[1] = {}) {
    const said: Array<readonly [printed: boolean, ids: ReadonlyArray<string>]> = []
    function read({ payload: { messages, printed = false } }: Read) {
      said.push([printed, messages.map(({ id }) => id)])
      return Effect.succeed({ changed: messages.length })
    }
    const page = { items: [own, long], unread: 2, more: false }
    const daemon = {
      messages: {
        inbox: () => Effect.succeed(page),
        show: ({ params: { id } }: { readonly params: { readonly id: string } }) =>
          Effect.succeed(id === "sent" ? sent : own),
        read
      }
    }
    const env = { ...(yield* agentShell), ...around.env }
    const { exit } = yield* typed(words, { daemon, ...around, env })
    assert.strictEqual(exit, 0)
    return said
  },
  Effect.scoped,
  Effect.provide(NodeServices.layer)
)

const whole = [true, [own.id, long.id]] as const

describe("noteTaken", () => {
  it.effect("reports what a command has printed for an agent, and marks nothing else as read", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* saidOf(["inbox"]), [whole])
      assert.deepStrictEqual(yield* saidOf(["inbox", "--json"]), [whole])
      assert.deepStrictEqual(yield* saidOf(["inbox", "--json", "id,text"]), [whole])
      assert.deepStrictEqual(yield* saidOf(["message", "show", own.id]), [[true, [own.id]]])
    }))

  it.effect("reports it beside what is marked as read because that was asked for", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* saidOf(["inbox", "--mark-read"]), [
        whole,
        [false, [own.id, long.id]]
      ])
    }))

  it.effect("reports nothing of which the text was not printed", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* saidOf(["inbox", "--json", "id,from"]), [])
      assert.deepStrictEqual(yield* saidOf(["message", "show", own.id, "--json", "subject"]), [])
      assert.deepStrictEqual(yield* saidOf(["message", "show", "sent"]), [])
    }))

  it.effect("leaves out what was cut", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* saidOf(["inbox"], { terminal: true }), [[true, [own.id]]])
    }))

  it.effect("reports nothing that was to be left unread", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* saidOf(["inbox", "--keep-unread"]), [])
    }))

  it.effect("reports nothing that did not go out", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* saidOf(["inbox"], { isFull: true }), [])
    }))

  it.effect("reports nothing where no agent has typed it", () =>
    Effect.gen(function*() {
      const env = { CLAUDEMESH_SESSION_TOKEN_FILE: "" }

      assert.deepStrictEqual(yield* saidOf(["inbox"], { env }), [])
    }))
})

describe("markRead", () => {
  it.effect("asks for nothing where all is read already", () =>
    Effect.gen(function*() {
      const daemon = asDaemon({ messages: { read: () => Effect.die("asked") } })

      assert.strictEqual(yield* markRead(daemon, [{ ...received, read: true }]), 0)
    }))
})
