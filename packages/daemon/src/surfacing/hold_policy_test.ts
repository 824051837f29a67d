import { makeMesh, memberOf, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import type { SessionRow } from "../sessions/session_rows.ts"
import { Meshes } from "../meshes/meshes.ts"
import { accepted } from "../testing/accepted.ts"
import { identityOf } from "../testing/made_identity.ts"
import { begunSession, heldNow, sessionIdOf } from "../testing/made_sessions.ts"
import { layerReceiving, receive } from "../testing/receiving.ts"
import { beginAll } from "../testing/under_way.ts"
import { Surfacing } from "./surfacing.ts"

const made = makeMesh("hold_policy", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const ada = memberOf(made, "ada").device
const cy = memberOf(made, "cy").device
const daemon = layerReceiving(made, "bob")

/** A message to bob that says its number. */
function letter(number: number, from = "ada") {
  const device = memberOf(made, "bob").device
  return sealBetween(made, { from, to: ["bob"], text: `${number}` }, {
    draft: { id: messageIdOf(number), to: [{ device, sseq: number }] }
  })
}

function receiveSome(first: number, last: number) {
  const numbers = Array.from({ length: last - first + 1 }, (_, at) => first + at)
  return receive(...numbers.map((number) => letter(number)))
}

/** Writes to ada so many times, and sends it. */
function write(count: number) {
  return Effect.andThen(Effect.replicateEffect(accepted({ to: [ada] }), count), beginAll)
}

const texts = Effect.map(heldNow, (rows) => rows.map(([text]) => text))
const reasons = Effect.map(heldNow, (rows) => rows.map(([, , reason]) => reason))

describe("HoldPolicy, of a sender whom nobody here knows", () => {
  const begun = begunSession(1, { unprompted: true })

  it.effect("holds what is for a session that asks nobody before it acts", () =>
    Effect.gen(function*() {
      yield* begun

      yield* receive(letter(1))

      assert.deepStrictEqual(yield* reasons, ["unknown_sender"])
    }).pipe(Effect.provide(daemon)))

  it.effect("holds nothing of what is for another session", () =>
    Effect.gen(function*() {
      yield* begunSession(1)

      yield* receive(letter(1))

      assert.deepStrictEqual(yield* heldNow, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("holds nothing once we have written to it, and still what others say", () =>
    Effect.gen(function*() {
      yield* begun
      yield* accepted({ to: [ada] })

      yield* receive(letter(1), letter(2, "cy"))

      assert.deepStrictEqual(yield* texts, ["2"])
    }).pipe(Effect.provide(daemon)))

  it.effect("does not take a receipt of ours for a word", () =>
    Effect.gen(function*() {
      yield* begun
      yield* accepted({ to: [ada], class: "receipt" })
      yield* beginAll

      yield* receive(letter(1))

      assert.deepStrictEqual(yield* reasons, ["unknown_sender"])
    }).pipe(Effect.provide(daemon)))

  it.effect("holds nothing of it once a human has accepted something, and still what others say", () =>
    Effect.gen(function*() {
      const { accept } = yield* Surfacing
      yield* begun
      yield* receive(letter(1))
      yield* accept([{ mesh, sender: ada, id: messageIdOf(1) }])

      yield* receive(letter(2), letter(3, "cy"))

      assert.deepStrictEqual(yield* texts, ["3"])
    }).pipe(Effect.provide(daemon)))

  it.effect("does not take what a session says it has seen for a human's word", () =>
    Effect.gen(function*() {
      const { report } = yield* Surfacing
      yield* begun
      yield* receive(letter(1))
      const message = { mesh, from_device_id: ada, id: messageIdOf(1) }
      yield* report(sessionIdOf(1), [{ message, stage: "surfaced", carrier: "socket" }])

      yield* receive(letter(2))

      assert.deepStrictEqual(yield* texts, ["1", "2"])
    }).pipe(Effect.provide(daemon)))

  it.effect("knows nobody any more in a mesh that was left and joined again", () =>
    Effect.gen(function*() {
      const { add, forget, learn } = yield* Meshes
      const { accept } = yield* Surfacing
      yield* begun
      yield* receive(letter(1))
      yield* accept([{ mesh, sender: ada, id: messageIdOf(1) }])
      yield* forget(mesh)
      yield* add(identityOf(made, "bob"), made.statements)
      yield* learn(mesh, made.statements)

      yield* receive(letter(2))

      assert.deepStrictEqual(yield* texts, ["2"])
    }).pipe(Effect.provide(daemon)))
})

describe("HoldPolicy, of two that keep each other busy", () => {
  /** Ten each way, at this moment. */
  const busy = Effect.gen(function*() {
    const session = yield* begunSession(1)
    yield* TestClock.adjust("1 second")
    yield* receiveSome(1, 10)
    yield* write(10)
    yield* TestClock.adjust("1 second")
    return session
  })

  it.effect("holds what comes after ten each way within a minute", () =>
    Effect.gen(function*() {
      yield* busy

      yield* receive(letter(11), letter(12, "cy"))

      assert.deepStrictEqual(yield* heldNow, [["11", sessionIdOf(1), "loop"]])
    }).pipe(Effect.provide(daemon)))

  it.effect.each([
    { what: "nine that came", received: 9, sent: 20 },
    { what: "nine that went", received: 20, sent: 9 },
    { what: "fifty that came, and no answer", received: 50, sent: 0 }
  ])("takes $what for no loop", ({ received, sent }) =>
    Effect.gen(function*() {
      yield* begunSession(1)
      yield* TestClock.adjust("1 second")
      yield* receiveSome(1, received)
      yield* write(sent)

      yield* receive(letter(received + 1))

      assert.deepStrictEqual(yield* heldNow, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("takes what was said to others for none", () =>
    Effect.gen(function*() {
      yield* begunSession(1)
      yield* TestClock.adjust("1 second")
      yield* receiveSome(1, 10)
      yield* Effect.replicateEffect(accepted({ to: [cy] }), 10)
      yield* beginAll

      yield* receive(letter(11))

      assert.deepStrictEqual(yield* heldNow, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("counts each session for itself", () =>
    Effect.gen(function*() {
      const { activeAt } = yield* busy
      yield* begunSession(2, { activeAt: activeAt + 5_000 })

      yield* receive(letter(11))

      assert.deepStrictEqual(yield* heldNow, [])
    }).pipe(Effect.provide(daemon)))

  it.effect.each([
    { what: "a human's word", after: humanSpoke },
    { what: "a minute", after: () => TestClock.adjust("60 seconds") }
  ])("holds nothing after $what", ({ after }) =>
    Effect.gen(function*() {
      yield* after(yield* busy)

      yield* receive(letter(11))

      assert.deepStrictEqual(yield* heldNow, [])
    }).pipe(Effect.provide(daemon)))
})

function humanSpoke(session: SessionRow) {
  return Effect.flatMap(
    Clock.currentTimeMillis,
    (humanAt) => begunSession(1, { ...session, humanAt })
  )
}
