import { BrokerAddress, BrokerLimits, defaultBrokerLimits, layerBroker } from "@claudemesh/broker"
import { NodeWS } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Exit, Layer, Scope } from "effect"
import { readdirSync, readFileSync, rmSync } from "node:fs"
import {
  attached,
  inboxed,
  type LiveDaemon,
  say,
  startDaemon,
  textsOf,
  until
} from "./testing/live_mesh.ts"
import { temporaryDirectory } from "./testing/temporary_home.ts"

const TEN_YEARS = 10 * 365 * 86_400_000

/** A broker in that directory; it tells its clients to come back soon. */
const startBroker = Effect.fn("startBroker")(function*(dataDirectory: string, port = 0) {
  const scope = yield* Effect.acquireRelease(
    Scope.make(),
    (scope, exit) => Scope.close(scope, exit)
  )
  const options = { dataDirectory, listen: { host: "127.0.0.1", port } }
  const hasty = { ...defaultBrokerLimits, goAwayAfterMillis: 20, goAwayJitterMillis: 100 }
  const context = yield* Layer.buildWithScope(Layer.fresh(layerBroker(options)), scope).pipe(
    Effect.provideService(BrokerLimits, hasty)
  )
  const { origin, port: taken } = Context.get(context, BrokerAddress)
  return { origin, port: taken, stop: Scope.close(scope, Exit.void) }
})

/** By how much the clocks of two machines are wrong. */
interface Skews {
  readonly ada: number
  readonly bob: number
}

/** ada has founded a mesh and bob has joined it. */
const makePairAt = Effect.fnUntraced(function*(skews: Skews) {
  const directory = yield* temporaryDirectory
  const homes = { ada: `${directory}/ada`, bob: `${directory}/bob`, broker: `${directory}/broker` }
  const broker = yield* startBroker(homes.broker)
  const ada = yield* startDaemon(homes.ada, skews.ada)
  const bob = yield* startDaemon(homes.bob, skews.bob)
  yield* ada.api.meshes.create({
    payload: { name: "home", broker: broker.origin, member: "ada", device: "box" }
  })
  const { link = "" } = yield* ada.api.invites.create({ payload: {} })
  yield* bob.api.meshes.join({ payload: { link, member: "bob", device: "box" } })
  yield* Effect.forEach([ada, bob], attached)
  yield* knows(ada, "bob")
  return { homes, broker, ada, bob }
})

const makePair = makePairAt({ ada: 0, bob: 0 })

/** Waits until the daemon knows of that member. */
function knows({ api }: LiveDaemon, name: string) {
  return until(
    api.roster.peers({ query: {} }),
    ({ items }) => items.some((peer) => peer.name === name)
  )
}

describe("two daemons and a broker", () => {
  it.live("ask each other for a sign of life, which nobody is shown, and say who gives none", () =>
    Effect.gen(function*() {
      const { ada, bob } = yield* makePair

      // Until bob has published his first prekey, there is nothing to seal a call with.
      const answered = yield* until(
        ada.api.calls.ping({ payload: { to: "bob" } }),
        ({ items }) => items[0]?.failure?.code !== "no_prekey"
      )
      const [there] = answered.items
      assert.deepStrictEqual(there?.legs.map(({ leg }) => leg), ["broker", "admitted", "answered"])
      assert.isUndefined(there?.failure)
      assert.lengthOf(yield* textsOf(bob), 0)
      assert.notInclude((yield* bob.events).map(({ type }) => type), "received")

      yield* bob.stop
      const [away] = (yield* ada.api.calls.ping({ payload: { to: "bob", timeout_ms: 300 } })).items
      assert.deepStrictEqual(away?.legs.map(({ leg }) => leg), ["broker", "admitted"])
      assert.strictEqual(away?.failure?.code, "timed_out")
    }).pipe(Effect.scoped))

  it.live("find what was said again, on either side", () =>
    Effect.gen(function*() {
      const { ada, bob } = yield* makePair
      yield* inboxed(ada, yield* say(ada, "bob", "the disk is full"))

      for (const { api } of [ada, bob]) {
        const { items } = yield* api.search.messages({ query: { words: "full disk" } })
        assert.deepStrictEqual(items.map(({ message }) => message.text), ["the disk is full"])
      }
    }).pipe(Effect.scoped))

  it.live("carry messages both ways, in order, and receipts back", () =>
    Effect.gen(function*() {
      const { ada, bob } = yield* makePair
      const hello = yield* say(ada, "bob", "hello")
      yield* say(ada, "bob", "are you there?")
      yield* inboxed(ada, hello)
      const answer = yield* bob.api.messages.send({
        headers: {},
        payload: { to: "ada", text: "yes", reply_to: hello.id.slice(0, 30) }
      })
      yield* inboxed(bob, answer)

      assert.deepStrictEqual(yield* textsOf(ada), ["yes"])
      yield* until(textsOf(bob), ({ length }) => length === 2)
      assert.deepStrictEqual(yield* textsOf(bob), ["hello", "are you there?"])
      const [received] = (yield* ada.api.messages.inbox({ query: {} })).items
      assert.deepInclude(received, { from: "bob", reply_to: hello.id })
    }), 60_000)

  it.live.each([
    { what: "the founder's is ten years ahead", skews: { ada: TEN_YEARS, bob: -TEN_YEARS } },
    { what: "the founder's is ten years behind", skews: { ada: -TEN_YEARS, bob: TEN_YEARS } }
  ])("do the same with clocks that are wrong: $what", ({ skews }) =>
    Effect.gen(function*() {
      const { ada, bob, homes } = yield* makePairAt(skews)
      const hello = yield* say(ada, "bob", "hello")
      yield* inboxed(ada, hello)
      yield* inboxed(bob, yield* say(bob, "ada", "yes"))
      yield* bob.stop
      const later = yield* say(ada, "bob", "still there?")
      const again = yield* startDaemon(homes.bob, -skews.bob)
      yield* inboxed(ada, later)

      assert.isAbove(Math.abs(hello.accepted_at - (yield* Clock.currentTimeMillis)), TEN_YEARS / 2)
      assert.deepStrictEqual(yield* textsOf(ada), ["yes"])
      assert.deepStrictEqual(yield* textsOf(again), ["hello", "still there?"])
      const { state } = yield* ada.api.invites.create({ payload: {} })
      assert.strictEqual(state, "open")
    }), 60_000)

  it.live("tell whoever watches of what comes and of how far it got", () =>
    Effect.gen(function*() {
      const { ada, bob } = yield* makePair
      const { id } = yield* say(ada, "bob", "hello")

      yield* until(bob.events, (events) =>
        events.some((event) => event.type === "received" && event.message.id === id))
      yield* until(ada.events, (events) =>
        events.some((event) =>
          event.type === "sent" && event.message.id === id && event.message.state === "inboxed"
        ))
    }), 60_000)

  it.live(
    "part when one leaves: it forgets the mesh, and the other is told",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makePair

        const { announced } = yield* bob.api.meshes.leave({ payload: { mesh: "home" } })

        assert.isTrue(announced)
        assert.deepStrictEqual((yield* bob.api.meshes.list({})).items, [])
        const { items } = yield* until(
          ada.api.roster.peers({ query: {} }),
          ({ items }) => items.every(({ name }) => name !== "bob")
        )
        assert.deepStrictEqual(items.map(({ name }) => name), ["ada"])
      }),
    60_000
  )

  it.live("keep what is sent to somebody whose daemon is stopped", () =>
    Effect.gen(function*() {
      const { ada, bob, homes } = yield* makePair
      yield* inboxed(ada, yield* say(ada, "bob", "before"))
      yield* bob.stop

      const messages = yield* Effect.forEach(["1", "2", "3"], (text) => say(ada, "bob", text))
      yield* until(
        ada.api.messages.show({ params: { id: messages[2]?.id ?? "" }, query: {} }),
        (message) => message.direction === "sent" && message.state === "admitted"
      )
      const again = yield* startDaemon(homes.bob)
      yield* Effect.forEach(messages, (message) => inboxed(ada, message))

      assert.deepStrictEqual(yield* textsOf(again), ["before", "1", "2", "3"])
    }), 60_000)

  it.live(
    "lose nothing and double nothing when the broker restarts with messages under way",
    () =>
      Effect.gen(function*() {
        const { ada, bob, broker, homes } = yield* makePair
        const first = yield* Effect.forEach(numbers(20), (text) => say(ada, "bob", text))
        yield* broker.stop
        const second = yield* Effect.forEach(numbers(20, 20), (text) => say(ada, "bob", text))

        yield* startBroker(homes.broker, broker.port)
        yield* Effect.forEach([...first, ...second], (message) => inboxed(ada, message))

        assert.deepStrictEqual(yield* textsOf(bob), numbers(40))
      }),
    60_000
  )

  it.live(
    "lose nothing and double nothing when the sender's daemon restarts with messages queued",
    () =>
      Effect.gen(function*() {
        const { ada, bob, broker, homes } = yield* makePair
        yield* broker.stop
        const messages = yield* Effect.forEach(numbers(10), (text) => say(ada, "bob", text))
        yield* ada.stop

        const again = yield* startDaemon(homes.ada)
        yield* startBroker(homes.broker, broker.port)
        yield* Effect.forEach(messages, (message) => inboxed(again, message))

        assert.deepStrictEqual(yield* textsOf(bob), numbers(10))
      }),
    60_000
  )

  it.live("give a broker back what it has lost with its disk", () =>
    Effect.gen(function*() {
      const { ada, bob, broker, homes } = yield* makePair
      yield* inboxed(ada, yield* say(ada, "bob", "signed for"))
      yield* bob.stop
      const messages = yield* Effect.forEach(["1", "2", "3"], (text) => say(ada, "bob", text))
      yield* until(
        ada.api.messages.show({ params: { id: messages[2]?.id ?? "" }, query: {} }),
        (message) => message.direction === "sent" && message.state === "admitted"
      )
      yield* broker.stop
      rmSync(homes.broker, { recursive: true })

      yield* startBroker(homes.broker, broker.port)
      yield* attached(ada)
      const again = yield* startDaemon(homes.bob)
      yield* Effect.forEach(messages, (message) => inboxed(ada, message))
      yield* inboxed(again, yield* say(again, "ada", "all here"))

      assert.deepStrictEqual(yield* textsOf(again), ["signed for", "1", "2", "3"])
      assert.deepStrictEqual(yield* textsOf(ada), ["all here"])
    }), 60_000)

  it.live("show the broker nothing of what they say", () =>
    Effect.gen(function*() {
      const frames = yield* recordedFrames
      const { ada, bob, broker, homes } = yield* makePair
      const words = Array.from({ length: 50 }, (_, at) => `canary${at}${"qzx".repeat(3)}`)
      const said = yield* ada.api.messages.send({
        headers: {},
        payload: {
          to: "bob",
          text: words.slice(0, 40).join(" "),
          subject: words.slice(40, 45).join(" ")
        }
      })
      yield* inboxed(ada, said)
      yield* inboxed(bob, yield* say(bob, "ada", words.slice(45).join(" ")))

      const seen = [...frames, ...contentsOf(homes.broker)]
      yield* broker.stop
      seen.push(...contentsOf(homes.broker))

      assert.isTrue(frames.some((text) => text.includes("\"type\":\"send\"")))
      assert.isTrue(frames.some((text) => text.includes("\"type\":\"push\"")))
      assert.isTrue(contentsOf(homes.ada).some((text) => text.includes(words[0] ?? "")))
      for (const word of words) assert.isFalse(seen.some((text) => text.includes(word)), word)
    }), 60_000)
})

function numbers(count: number, after = 0): Array<string> {
  return Array.from({ length: count }, (_, at) => `${after + at + 1}`)
}

/** Every file under a directory, as text. */
function contentsOf(directory: string): ReadonlyArray<string> {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, "latin1"))
}

/** What any web socket of this process sends, the broker's and the daemons'. */
const recordedFrames = Effect.acquireRelease(
  Effect.sync(() => {
    const frames: Array<string> = []
    // oxlint-disable-next-line typescript/unbound-method -- it is applied to the socket it was called on
    const { send } = NodeWS.WebSocket.prototype
    Object.assign(NodeWS.WebSocket.prototype, {
      send(this: NodeWS.WebSocket, ...sent: Parameters<typeof send>) {
        if (typeof sent[0] === "string") frames.push(sent[0])
        return Reflect.apply(send, this, sent)
      }
    })
    return { frames, send }
  }),
  ({ send }) => Effect.sync(() => Object.assign(NodeWS.WebSocket.prototype, { send }))
).pipe(Effect.map(({ frames }) => frames))
