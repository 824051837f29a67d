import { assert, describe, it } from "@effect/vitest"
import { errorTable, refused } from "@claudemesh/protocol/errors"
import type {
  LocalEvent,
  MeshStatus,
  MessageState,
  RecipientStatus,
  SendMessage,
  SentMessage
} from "@claudemesh/protocol/local_api"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { documentOf, type as typed } from "../../testing/command_line.ts"
import { mesh, NOW, offlineMesh, sent } from "../../testing/samples.ts"

interface SendRequest {
  readonly headers: { readonly "idempotency-key"?: string }
  readonly payload: SendMessage
}

/** The message, that far with its only recipient. */
function at(state: MessageState, more: Partial<RecipientStatus> = {}): SentMessage {
  return {
    ...sent,
    state,
    recipients: sent.recipients.map((recipient) => ({ ...recipient, state, ...more }))
  }
}

function playing(home: MeshStatus, payloads: Array<SendMessage> = [], keys: Array<unknown> = []) {
  return {
    meshes: { list: () => Effect.succeed({ items: [home] }) },
    messages: {
      send: ({ headers, payload }: SendRequest) =>
        Effect.sync(() => {
          payloads.push(payload)
          keys.push(headers["idempotency-key"])
          return { ...at("queued"), duplicate: false as const }
        })
    }
  }
}

/** A daemon that tells these steps of the message, and in the end shows the last of them. */
function stepping(...steps: ReadonlyArray<SentMessage>) {
  const events = steps.map((message): LocalEvent => ({ type: "sent", at: NOW, message }))
  return {
    events: {
      watch: () => Effect.succeed(Stream.concat(Stream.fromIterable(events), Stream.never))
    },
    messages: {
      ...playing(mesh).messages,
      show: () => Effect.succeed(steps.at(-1) ?? at("queued"))
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
    { words: ["send", "bob", "hi", "--priority", "soon"], stdin: "", code: "usage" },
    { words: ["send", "bob", "hi", "--idempotency-key", "é"], stdin: "", code: "usage" },
    { words: ["send", "bob", "hi", "--timeout", "1s"], stdin: "", code: "usage" }
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

  it.effect("hands the key over beside the message", () =>
    Effect.gen(function*() {
      const keys: Array<unknown> = []
      const daemon = playing(mesh, [], keys)

      yield* typed(["send", "bob", "hi", "--idempotency-key", "deploy 42"], { daemon })
      yield* typed(["send", "bob", "hi"], { daemon })

      assert.deepStrictEqual(keys, ["deploy 42", undefined])
    }))
})

describe("send --await", () => {
  const words = ["send", "bob", "hi", "--await", "inboxed"]

  it.effect("stays until the recipient's machine has signed for it", () =>
    Effect.gen(function*() {
      const daemon = stepping(at("admitted"), at("inboxed"))
      const { exit, stderr, stdout } = yield* typed(words, { daemon })

      assert.deepStrictEqual({ exit, stderr, stdout }, {
        exit: 0,
        stderr: "",
        stdout: `${sent.id}\tinboxed\n`
      })
    }))

  it.effect("says that it was sent before, however the waiting ends", () =>
    Effect.gen(function*() {
      function again(daemon: ReturnType<typeof stepping>) {
        const known = { ...at("queued"), state: "queued" as const, duplicate: true as const }
        return { ...daemon, messages: { ...daemon.messages, send: () => Effect.succeed(known) } }
      }
      const gone = refused("daemon_not_running", "The daemon broke off")
      const inTime = again(stepping(at("inboxed")))
      const refusedOne = again(stepping(at("rejected", { reason: "undecryptable" })))
      const cutOff = {
        ...again(stepping()),
        events: { watch: () => Effect.succeed(Stream.fail(gone)) }
      }

      for (const daemon of [inTime, refusedOne, cutOff]) {
        const { stdout } = yield* typed([...words, "--json"], { daemon })
        assert.propertyVal((yield* documentOf(stdout)).item, "duplicate", true)
      }
      const { stdout } = yield* typed(words, { daemon: inTime, terminal: true })
      assert.include(stdout, `inboxed  ${sent.id}  to bob  (sent before)\n`)
      const first = yield* typed([...words, "--json"], { daemon: stepping(at("inboxed")) })
      assert.propertyVal((yield* documentOf(first.stdout)).item, "duplicate", false)
    }))

  it.effect("ends with the reason's exit code where it was refused", () =>
    Effect.gen(function*() {
      const daemon = stepping(at("rejected", { reason: "undecryptable" }))
      const { exit, stderr, stdout } = yield* typed(words, { daemon })

      assert.strictEqual(exit, errorTable.undecryptable.exit)
      assert.strictEqual(stdout, `${sent.id}\trejected\n`)
      assert.strictEqual(stderr, "warning: It will not be inboxed with everybody it is for\n")
    }))

  it.effect("ends with 4 after the time, and says how far it is then", () =>
    Effect.gen(function*() {
      const daemon = stepping(at("admitted"))
      const waiting = yield* Effect.forkChild(typed([...words, "--timeout", "1m"], { daemon }))
      yield* Effect.replicateEffect(TestClock.adjust("10 seconds"), 7)
      const { exit, stderr, stdout } = yield* Fiber.join(waiting)

      assert.strictEqual(exit, 4)
      assert.strictEqual(stdout, `${sent.id}\tadmitted\n`)
      assert.strictEqual(
        stderr,
        "warning: Waited 1m for it to be inboxed: it is admitted, and goes on by itself\n"
      )
    }))

  it.effect("says after the time what stands in its way", () =>
    Effect.gen(function*() {
      const offline = { ...offlineMesh, mesh: sent.mesh }
      const meshes = { list: () => Effect.succeed({ items: [offline] }) }
      const daemon = { ...stepping(at("queued")), meshes }
      const waiting = yield* Effect.forkChild(typed([...words, "--timeout", "1m"], { daemon }))
      yield* Effect.replicateEffect(TestClock.adjust("10 seconds"), 7)
      const { exit, stderr } = yield* Fiber.join(waiting)

      assert.strictEqual(exit, 4)
      assert.match(
        stderr,
        /it is queued, and goes on by itself; the broker has not confirmed it yet/
      )
    }))

  it.effect("says where it was when the daemon went, and that it is kept", () =>
    Effect.gen(function*() {
      const gone = refused("daemon_not_running", "The daemon broke off")
      const events: LocalEvent = { type: "sent", at: NOW, message: at("admitted") }
      const daemon = {
        ...stepping(),
        events: {
          watch: () => Effect.succeed(Stream.concat(Stream.succeed(events), Stream.fail(gone)))
        }
      }
      const { exit, stderr, stdout } = yield* typed(words, { daemon })

      assert.strictEqual(exit, 7)
      assert.strictEqual(stdout, `${sent.id}\tadmitted\n`)
      assert.include(stderr, "The daemon broke off: it was admitted when last seen, and is kept")
    }))

  it.effect("leaves it on its way where somebody stops waiting, and says so", () =>
    Effect.gen(function*() {
      const asked = yield* Deferred.make<void>()
      const waiting = yield* Effect.forkChild(
        typed(words, { daemon: stepping(at("admitted")), stop: Deferred.await(asked) })
      )
      yield* TestClock.adjust("1 second")
      yield* Deferred.succeed(asked, undefined)
      const { exit, stderr, stdout } = yield* Fiber.join(waiting)

      assert.strictEqual(exit, 130)
      assert.strictEqual(stdout, `${sent.id}\tadmitted\n`)
      assert.include(stderr, "Stopped waiting: it is admitted, and goes on by itself")
    }))
})
