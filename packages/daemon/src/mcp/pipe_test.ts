import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { peerText } from "../carriers/peer_text.ts"
import { keyOf, peerMessageOf } from "./shown_message.ts"
import { HandPipe, settled } from "./testing/hand_pipe.ts"
import { madeReceived, madeSession } from "./testing/made_received.ts"

const TEXT = peerText(peerMessageOf(madeReceived(1), "api"))
const PROMPT = {
  event: "UserPromptSubmit",
  prompt: `<cross-session-message from="uds:x">\n${TEXT}\n</cross-session-message>`,
  transcript_path: "/t/1.jsonl"
}
const WRITTEN = { type: "user", message: { role: "user", content: PROMPT.prompt } }
const ASSISTANT = { type: "assistant", message: { content: [] } }

describe("Pipe", () => {
  it.effect("registers without a token, and speaks with it from then on", () =>
    Effect.gen(function*() {
      const hand = new HandPipe()
      yield* hand.begun

      assert.deepStrictEqual(hand.asked.map(({ path, token }) => [path, token]), [
        ["/v1/sessions", undefined],
        ["/v1/sessions/s1", "/run/s1.token"]
      ])
      assert.deepStrictEqual(hand.bodies("/s1"), [{ carrier: "socket" }])
    }))

  it.effect("says what it was launched with whenever it registers, and never with a token", () =>
    Effect.gen(function*() {
      const hand = new HandPipe()
      yield* hand.begun
      hand.endFeed()
      yield* hand.moved(250)

      const run = { id: "s1", cwd: "/code/api", pid: 7, caps: ["read"] }
      assert.deepStrictEqual(hand.bodies("/sessions"), [run, run])
      const limiting = hand.asked.filter(({ body }) => JSON.stringify(body)?.includes("caps"))
      assert.deepStrictEqual(limiting.map(({ token }) => token), [undefined, undefined])
    }))

  it.effect("shares its token under the id that the client gives the session after a clearing", () =>
    Effect.gen(function*() {
      const hand = new HandPipe()
      yield* hand.begun
      const cleared = "00000000-0000-4000-8000-000000000002"

      for (const session_id of [cleared, cleared, "../elsewhere", ""]) {
        yield* hook(hand, { event: "Stop", session_id })
      }
      assert.deepStrictEqual(hand.shared, [cleared])

      // With a new token it is shared anew.
      hand.endFeed()
      yield* hand.moved(250)
      assert.deepStrictEqual(hand.shared, [cleared, cleared])
    }))

  it.effect("looks for a daemon that is away in growing pauses", () =>
    Effect.gen(function*() {
      const hand = new HandPipe()
      hand.answers.set("sessions", undefined)
      yield* hand.begun
      const began = hand.clock.now()

      const times: Array<number> = []
      for (let step = 0; step < 1_200; step += 1) {
        const before = hand.asked.length
        yield* hand.moved(25)
        if (hand.asked.length > before) times.push(hand.clock.now() - began)
      }

      assert.deepStrictEqual(times, [250, 750, 1_750, 3_750, 7_750, 12_750, 17_750, 22_750, 27_750])
    }))

  it.effect("answers hooks while the daemon is away, and reports it once the daemon is back", () =>
    Effect.gen(function*() {
      const hand = yield* withOne
      hand.answers.set("sessions", undefined)
      hand.endFeed()

      assert.deepStrictEqual(yield* hook(hand, PROMPT), {})
      assert.deepStrictEqual(stagesOf(hand), ["posted"])
      hand.answers.delete("sessions")
      yield* hand.moved(250)

      assert.isTrue(hand.isRead)
      assert.deepStrictEqual(stagesOf(hand), ["posted", "surfaced"])
    }))

  it.effect("says again what a daemon did not take, in order", () =>
    Effect.gen(function*() {
      const hand = yield* withOne
      hand.answers.set("evidence", { status: 500, json: {} })
      yield* hook(hand, PROMPT)
      hand.write("/t/1.jsonl", WRITTEN)
      hand.write("/t/1.jsonl", ASSISTANT)
      yield* hand.moved(1_000)

      hand.answers.delete("evidence")
      yield* hand.moved(250)

      assert.deepStrictEqual(stagesOf(hand).slice(-2), ["surfaced", "in_context"])
    }))

  it.effect("registers again where the session is unknown, and reports the same to it", () =>
    Effect.gen(function*() {
      const hand = yield* withOne
      hand.answers.set("evidence", { status: 404, json: { code: "session_not_found" } })
      yield* hook(hand, PROMPT)
      assert.isFalse(hand.isRead)
      hand.answers.delete("evidence")
      yield* hand.moved(500)

      assert.isTrue(hand.isRead)
      assert.strictEqual(hand.bodies("/sessions").length, 2)
      assert.deepStrictEqual(stagesOf(hand), ["posted", "surfaced", "surfaced"])
      assert.deepStrictEqual(hand.said, [])
    }))

  it.effect("drops what the daemon refuses, and says so", () =>
    Effect.gen(function*() {
      const hand = yield* withOne
      hand.answers.set("evidence", { status: 400, json: { code: "malformed", message: "Bad" } })
      yield* hook(hand, PROMPT)
      hand.answers.delete("evidence")
      yield* hand.moved(10_000)

      assert.deepStrictEqual(hand.said, ["the daemon does not take evidence: Bad"])
      assert.deepStrictEqual(stagesOf(hand), ["posted", "surfaced"])
    }))

  it.effect("registers again when the feed ends, and does not show again what it is told again", () =>
    Effect.gen(function*() {
      const hand = yield* withOne
      yield* hook(hand, PROMPT)
      hand.endFeed()
      yield* hand.moved(250)
      hand.tell({ type: "session", session: madeSession() })
      yield* hand.moved(6_000)

      assert.strictEqual(hand.bodies("/sessions").length, 2)
      assert.strictEqual(hand.posts.length, 1)
      assert.deepStrictEqual(yield* hook(hand, { event: "PostToolBatch" }), {})
    }))

  it.effect("shows once what is told again before it has surfaced", () =>
    Effect.gen(function*() {
      const hand = yield* withOne
      hand.endFeed()
      yield* hand.moved(250)
      hand.tell({ type: "session", session: madeSession() })
      hand.tell({ type: "message", message: madeReceived(1), posted: true, stranger: false })
      yield* hand.moved(6_000)
      yield* hook(hand, PROMPT)

      assert.strictEqual(hand.posts.length, 1)
      assert.deepStrictEqual(stagesOf(hand), ["posted", "surfaced"])
    }))

  it.effect("passes over what it does not know in its feed", () =>
    Effect.gen(function*() {
      const hand = new HandPipe()
      yield* hand.begun

      hand.tell({ type: "news" })
      hand.tell({ type: "message", message: madeReceived(1), posted: false, stranger: false })
      yield* hand.moved(50)

      assert.strictEqual(hand.posts.length, 1)
    }))

  it.effect("does not show what was withdrawn", () =>
    Effect.gen(function*() {
      const hand = new HandPipe()
      yield* hand.begun

      hand.tell({ type: "message", message: madeReceived(1), posted: false, stranger: false })
      hand.tell({ type: "withdrawn", message: keyOf(madeReceived(1)) })
      yield* hand.moved(50)

      assert.strictEqual(hand.posts.length, 0)
    }))

  it.effect("says that the agent works each time, and that it rests once", () =>
    Effect.gen(function*() {
      const hand = new HandPipe()
      yield* hand.begun

      for (const event of ["PostToolBatch", "PostToolBatch", "Stop", "Stop"]) {
        yield* hook(hand, { event, permission_mode: "plan" })
      }

      const common = { carrier: "socket", unprompted: false }
      const working = { ...common, status: { is: "working", source: "hook" } }
      const idle = { ...common, status: { is: "idle", source: "hook" } }
      assert.deepStrictEqual(hand.bodies("/s1").slice(1), [working, working, idle])
    }))

  it.effect("says later what happened while the daemon was away", () =>
    Effect.gen(function*() {
      const hand = new HandPipe()
      yield* hand.begun
      hand.endFeed()
      yield* hook(hand, { event: "UserPromptSubmit", prompt: "Hello" })
      yield* hand.moved(250)

      const [, said] = hand.bodies("/s1")
      assert.deepInclude(said, { human: true, status: { is: "working", source: "hook" } })
    }))

  it.effect("ignores the transcripts of sub-agents", () =>
    Effect.gen(function*() {
      const hand = yield* withOne
      yield* hook(hand, PROMPT)
      yield* hook(hand, { event: "Stop", agent_id: "a", transcript_path: "/t/agent.jsonl" })
      hand.write("/t/1.jsonl", WRITTEN)
      hand.write("/t/agent.jsonl", ASSISTANT)
      yield* hand.moved(300)
      assert.deepStrictEqual(stagesOf(hand), ["posted", "surfaced"])
      hand.write("/t/1.jsonl", ASSISTANT)
      yield* hand.moved(10_000)

      assert.deepStrictEqual(stagesOf(hand), ["posted", "surfaced", "in_context"])
    }))

  it.effect("carries on what the agent answers, to who asked last", () =>
    Effect.gen(function*() {
      const hand = yield* withOne
      yield* hook(hand, PROMPT)
      const { from, id, mesh } = madeReceived(1)

      hand.pipe.heard({ type: "reply", text: "Done" })
      yield* settled

      const sent = hand.asked.at(-1)
      assert.strictEqual(sent?.path, "/v1/messages")
      assert.strictEqual(sent?.token, "/run/s1.token")
      assert.deepStrictEqual(sent?.body, { mesh, to: from, reply_to: id, text: "Done" })
    }))

  it.effect("sends an answer again under the same key until the daemon has it", () =>
    Effect.gen(function*() {
      const hand = yield* withOne
      yield* hook(hand, PROMPT)
      hand.answers.set("messages", undefined)
      hand.pipe.heard({ type: "reply", text: "Done" })
      yield* settled
      hand.answers.delete("messages")
      yield* hand.moved(250)
      yield* hand.moved(10_000)

      const keys = hand.asked.filter(({ path }) => path === "/v1/messages").map(({ key }) => key)
      assert.strictEqual(keys.length, 2)
      assert.strictEqual(keys[0], keys[1])
      assert.isDefined(keys[0])
    }))

  it.effect.each([
    { status: 413, json: { code: "too_large", message: "Long" } },
    { status: 403, json: { code: "agent_limited", message: "Limited" } }
  ])(
    "says that an answer was refused, and goes on with the next: $json.code",
    (refusal) =>
      Effect.gen(function*() {
        const hand = yield* withOne
        yield* hook(hand, PROMPT)
        hand.answers.set("messages", refusal)
        hand.pipe.heard({ type: "reply", text: "x" })
        yield* settled
        hand.answers.delete("messages")
        hand.pipe.heard({ type: "reply", text: "y" })
        yield* settled

        assert.deepStrictEqual(hand.said, [
          `the daemon does not take the agent's answer: ${refusal.json.message}`
        ])
        assert.deepInclude(hand.bodies("/messages").at(-1), { text: "y" })
        assert.strictEqual(hand.bodies("/messages").length, 2)
      })
  )

  it.effect("says that an answer answers nothing where nothing has surfaced", () =>
    Effect.gen(function*() {
      const hand = yield* withOne

      hand.pipe.heard({ type: "reply", text: "Done" })
      yield* settled

      assert.strictEqual(hand.bodies("/messages").length, 0)
      assert.match(hand.said.join("\n"), /no message was shown/)
    }))

  it.effect("reports what the client holds back", () =>
    Effect.gen(function*() {
      const hand = yield* withOne

      hand.pipe.heard({ type: "notice", status: "held", posts: [hand.posts[0]?.id ?? ""] })
      yield* settled

      assert.deepStrictEqual(stagesOf(hand), ["posted", "held"])
    }))

  it.effect("has a hook that waits wake an agent without an inbox, and sends away who is not needed", () =>
    Effect.gen(function*() {
      for (
        const [carriers, isNeeded] of [[["hook", "rewake"], true], [["socket"], false]] as const
      ) {
        const hand = new HandPipe({ carriers })
        yield* hand.begun
        const given: Array<string> = []
        hand.room?.admit("rewake", { give: (text) => given.push(text), dismiss: () => {} })
        hand.tell({ type: "message", message: madeReceived(1), posted: false, stranger: false })
        yield* hand.moved(100)

        assert.strictEqual(given.length, isNeeded ? 1 : 0)
        assert.strictEqual(hand.posts.length, isNeeded ? 0 : 1)
      }
    }))

  it.effect("says a message on the channel only where its user asked for that", () =>
    Effect.gen(function*() {
      for (const carriers of [["hook", "channel"], ["hook"]] as const) {
        const hand = new HandPipe({ carriers })
        yield* hand.begun
        hand.tell({ type: "message", message: madeReceived(1), posted: false, stranger: false })
        yield* hand.moved(100)

        assert.strictEqual(hand.channel.length, carriers.length - 1)
      }
    }))
})

/** One message has been posted, and the daemon knows. */
const withOne = Effect.gen(function*() {
  const hand = new HandPipe()
  yield* hand.begun
  hand.tell({ type: "message", message: madeReceived(1), posted: false, stranger: false })
  yield* hand.moved(50)
  return hand
})

function hook(hand: HandPipe, call: Parameters<HandPipe["pipe"]["hook"]>[0]) {
  return Effect.tap(Effect.promise(() => hand.pipe.hook(call)), () => settled)
}

function stagesOf(hand: HandPipe): ReadonlyArray<string> {
  return JSON.stringify(hand.bodies("/evidence")).match(/(?<="stage":")\w+/g) ?? []
}
