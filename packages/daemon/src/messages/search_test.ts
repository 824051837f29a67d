import { fromUtf8 } from "@claudemesh/protocol/crypto"
import { type DeviceId, type Meta, openEnvelope } from "@claudemesh/protocol"
import {
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  openContextOf,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import { Inbox } from "../inbox/inbox.ts"
import { Delivery } from "../outbox/delivery.ts"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { Search, type SearchOptions } from "./search.ts"

const made = makeMesh("search", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const [ada, bob, cy] = ["ada", "bob", "cy"].map((name) => memberOf(made, name).device)
const daemon = Search.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "bob")),
  Layer.provideMerge(layerSeededRandom("search"))
)

/** A message to bob; its number is its id, and its place in the stream. */
const arrived = Effect.fnUntraced(
  function*(number: number, text: string, { from = "ada", ...more }: Arrived = {}) {
    const meta: Meta = { priority: "next", ...more }
    const to = [{ device: memberOf(made, "bob").device, sseq: number }]
    const envelope = sealBetween(made, { from, to: ["bob"], text }, {
      meta,
      draft: { id: messageIdOf(number), to }
    })
    const opened = Result.getOrThrow(openEnvelope(envelope, openContextOf(made, "bob")))
    yield* Inbox.use((inbox) => inbox.put(opened, fromUtf8(opened.content) ?? ""))
    yield* TestClock.adjust("1 second")
  }
)

interface Arrived {
  readonly from?: string
  readonly subject?: string
}

const sentTo = Effect.fnUntraced(function*(to: DeviceId | undefined, text: string) {
  yield* accepted({ to: to === undefined ? [] : [to], text })
  yield* TestClock.adjust("1 second")
})

function by(device: DeviceId | undefined) {
  return { senders: device === undefined ? [] : [device] }
}

/** What is found, as texts, and whether there is more. */
const found = Effect.fnUntraced(function*(words: string, more: Partial<SearchOptions> = {}) {
  const { search } = yield* Search
  const options = { mesh: undefined, senders: undefined, since: 0, limit: 10, ...more }
  const answer = yield* search({ words, ...options })
  return { texts: answer.items.map(({ message }) => message.text), more: answer.more }
})

describe("Search.search", () => {
  it.effect("finds what was sent and received, the newest last", () =>
    Effect.gen(function*() {
      yield* arrived(1, "the disk is full")
      yield* sentTo(ada, "which disk?")
      yield* arrived(2, "the second Disk")
      yield* arrived(3, "never mind", { subject: "disk" })

      assert.deepStrictEqual(yield* found("disk"), {
        texts: ["the disk is full", "which disk?", "the second Disk", "never mind"],
        more: false
      })
      assert.deepStrictEqual(yield* found("disk", { limit: 2 }), {
        texts: ["the second Disk", "never mind"],
        more: true
      })
      assert.deepStrictEqual((yield* found("which")).texts, ["which disk?"])
    }).pipe(Effect.provide(daemon)))

  it.effect("finds all the words, phrases and beginnings, without regard to accents", () =>
    Effect.gen(function*() {
      yield* arrived(1, "the déployment is done")
      yield* arrived(2, "is the deployment done")

      assert.lengthOf((yield* found("deployment done")).texts, 2)
      assert.deepStrictEqual((yield* found(`"deployment is"`)).texts, ["the déployment is done"])
      assert.lengthOf((yield* found("depl*")).texts, 2)
      assert.lengthOf((yield* found("depl")).texts, 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("looks only at what was asked for: a mesh, a time, who wrote it", () =>
    Effect.gen(function*() {
      yield* arrived(1, "green one")
      yield* arrived(1, "green two", { from: "cy" })
      yield* sentTo(cy, "green three")

      assert.deepStrictEqual((yield* found("green", by(ada))).texts, ["green one"])
      assert.deepStrictEqual((yield* found("green", by(cy))).texts, ["green two"])
      assert.deepStrictEqual((yield* found("green", by(bob))).texts, ["green three"])
      assert.lengthOf((yield* found("green", { mesh: yield* theMesh })).texts, 3)
      assert.deepStrictEqual((yield* found("green", { since: MADE_AT + 1_500 })).texts, [
        "green three"
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("shows a piece of a long text, with the words marked in it, as it stands there", () =>
    Effect.gen(function*() {
      const long = `${"word ".repeat(200)}<b>the \u001B[31m Disk</b> is full ${"word ".repeat(200)}`
      yield* arrived(1, long)
      const { search } = yield* Search
      const options = { mesh: undefined, senders: undefined, since: 0, limit: 1 }
      const [hit] = (yield* search({ words: "disk full", ...options })).items

      assert.deepStrictEqual(hit?.snippet.filter(({ match }) => match).map(({ text }) => text), [
        "Disk",
        "full"
      ])
      const piece = hit?.snippet.map(({ text }) => text).join("") ?? ""
      assert.isBelow(piece.length, 120)
      assert.include(piece, "\u001B[31m Disk</b> is full")
      assert.strictEqual(hit?.message.text, long)
    }).pipe(Effect.provide(daemon)))

  it.effect("finds nothing of what was removed or left", () =>
    Effect.gen(function*() {
      const inbox = yield* Inbox
      yield* arrived(1, "green one")
      yield* sentTo(cy, "green two")
      yield* inbox.readAll({ mesh })
      yield* TestClock.adjust("1 second")

      yield* inbox.prune(mesh, { before: MADE_AT + 3_600_000, limit: 10 })
      assert.deepStrictEqual((yield* found("green")).texts, ["green two"])

      yield* Delivery.use(({ forget }) => forget(mesh))
      assert.deepStrictEqual((yield* found("green")).texts, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses what has no word in it", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(found("**"))).code, "usage")
    }).pipe(Effect.provide(daemon)))
})
