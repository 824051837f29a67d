import { closeCodes, DIALLED_HEADER } from "@claudemesh/protocol"
import { type MadeMesh, makeMesh, memberOf, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Layer } from "effect"
import { BrokerLimits, defaultBrokerLimits } from "../broker_limits.ts"
import { BrokerAddress } from "../broker_server.ts"
import { brokerOn, connectLive, foundOver } from "./testing/live_broker.ts"
import { temporaryDirectory } from "../testing/temporary_directory.ts"
import { attachFrame, attachTo, say, sendFrame } from "./testing/test_device.ts"
import { connectWebSocket } from "./testing/web_socket_wire.ts"

const mesh = makeMesh("live", ["ada", "bob"])
const foundLive = foundOver(mesh.statements)
const bob = memberOf(mesh, "bob").device

function identityOf(name: string, made: MadeMesh = mesh) {
  return { mesh: made.membership.mesh, ...memberOf(made, name) }
}

function letter(number: number) {
  const draft = {
    id: messageIdOf(number),
    to: [{ device: bob, sseq: number }],
    sent_at: Date.now()
  }
  return sealBetween(mesh, { from: "ada", to: ["bob"], text: `letter ${number}` }, { draft })
}

const attach = Effect.fnUntraced(
  function*(name: string, have: Parameters<typeof attachTo>[2] = {}) {
    const wire = yield* connectLive()
    return { ...wire, attached: yield* attachTo(wire, identityOf(name), have) }
  }
)

/** A connection that has done something it must not, and how it was closed for it. */
const closingOf = Effect.fnUntraced(
  function*(act: (wire: Effect.Success<ReturnType<typeof connectLive>>) => void) {
    const wire = yield* connectLive()
    yield* wire.inbox.next("challenge")
    act(wire)
    return (yield* Deferred.await(wire.inbox.closing)).code
  }
)

function limited(limits: Partial<typeof defaultBrokerLimits>) {
  return Layer.succeed(BrokerLimits, { ...defaultBrokerLimits, ...limits })
}

/** Runs a test against a broker of its own. */
function live<A, E, R>(
  test: Effect.Effect<A, E, R>,
  limits: Partial<typeof defaultBrokerLimits> = {}
) {
  return Effect.gen(function*() {
    const broker = Layer.provide(brokerOn(yield* temporaryDirectory), limited(limits))
    return yield* Effect.provide(Effect.scoped(test), broker)
  }).pipe(Effect.scoped)
}

describe("broker over sockets", () => {
  it.live("carries messages, takes acks, and goes on where a device left off", () =>
    live(Effect.gen(function*() {
      yield* foundLive
      const ada = yield* attach("ada")
      const first = yield* attach("bob")
      for (const number of [1, 2, 3]) {
        const envelope = letter(number)
        yield* say(ada, sendFrame(envelope, number))
        assert.strictEqual((yield* ada.inbox.next("admitted")).ref, number)
        assert.deepStrictEqual((yield* first.inbox.next("push")).envelope, envelope)
      }
      const { epoch, store_epoch } = first.attached
      yield* say(first, { type: "ack", log: bob, epoch, upto: 2 })
      first.close()
      yield* Deferred.await(first.inbox.closing)

      const again = yield* attach("bob", { store_epoch, upto: 2 })
      assert.strictEqual((yield* again.inbox.next("push")).seq, 3)
      assert.isAbove(again.attached.epoch, epoch)
    })))

  it.live("takes a device from its older connection", () =>
    live(Effect.gen(function*() {
      yield* foundLive
      const older = yield* attach("bob")
      yield* attach("bob")
      assert.strictEqual((yield* Deferred.await(older.inbox.closing)).code, closeCodes.replaced)
    })))

  it.live("attaches who dialled any of its own names, and refuses who dialled another", () =>
    Effect.gen(function*() {
      const publicUrl = "http://localhost:1" // no name of where it listens
      const broker = brokerOn(yield* temporaryDirectory, { publicUrl })
      yield* Effect.gen(function*() {
        const address = yield* BrokerAddress
        const local = `http://127.0.0.1:${address.port}`
        yield* Effect.provideService(foundLive, BrokerAddress, { ...address, origin: local })
        for (const dialled of [local, publicUrl]) {
          const wire = yield* connectWebSocket(local, { [DIALLED_HEADER]: dialled })
          const challenge = yield* wire.inbox.next("challenge")
          assert.strictEqual(challenge.origin, dialled)
          yield* say(wire, attachFrame(identityOf("ada"), challenge))
          yield* wire.inbox.next("attached")
        }
        const foreign = { [DIALLED_HEADER]: "https://evil.example" }
        assert.strictEqual((yield* Effect.flip(connectWebSocket(local, foreign))).status, 403)
      }).pipe(Effect.scoped, Effect.provide(broker))
    }).pipe(Effect.scoped))

  it.live("takes an answer to a challenge on no other connection, and no other key", () =>
    live(Effect.gen(function*() {
      yield* foundLive
      const [one, two] = [yield* connectLive(), yield* connectLive()]
      const answer = attachFrame(identityOf("ada"), yield* one.inbox.next("challenge"))
      yield* say(one, answer)
      yield* one.inbox.next("attached")
      yield* say(two, answer)
      assert.strictEqual((yield* two.inbox.next("refused")).code, "bad_signature")
      const forger = { ...identityOf("ada"), deviceKey: memberOf(mesh, "bob").deviceKey }
      yield* say(two, attachFrame(forger, yield* two.inbox.next("challenge")))
      assert.strictEqual((yield* two.inbox.next("refused")).code, "bad_signature")
    })))

  it.live("closes on what is too large, binary, or in too many pieces", () =>
    live(Effect.gen(function*() {
      const large = yield* closingOf(({ socket }) => socket.send("x".repeat(65_537)))
      const binary = yield* closingOf(({ socket }) => socket.send(new Uint8Array(8)))
      const pieces = yield* closingOf(({ socket }) => {
        for (let piece = 0; piece < 40; piece++) socket.send("x", { fin: false })
      })
      assert.deepStrictEqual([large, binary], [closeCodes.tooBig, 1003])
      assert.include([1002, 1006, 1008], pieces)
    })))

  it.live("closes on garbage, and serves others meanwhile", () =>
    live(Effect.gen(function*() {
      yield* foundLive
      const ada = yield* attach("ada")
      const code = yield* closingOf(({ socket }) => {
        for (const text of ["}{", "[".repeat(60_000), "nope"]) socket.send(text)
      })
      assert.strictEqual(code, closeCodes.policy)
      yield* say(ada, { type: "ping", t: 1 })
      yield* ada.inbox.next("pong")
    })))

  it.live("closes a connection that says nothing", () =>
    live(
      Effect.gen(function*() {
        assert.strictEqual(yield* closingOf(() => {}), closeCodes.policy)
      }),
      { attachMillisMax: 100 }
    ))

  it.live("stops in time though a client neither reads nor answers", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const started = yield* Effect.gen(function*() {
        yield* foundLive
        const deaf = yield* attach("ada")
        deaf.socket.pause()
        const polite = yield* attach("bob")
        return { polite, at: yield* Clock.currentTimeMillis }
      }).pipe(Effect.provide(brokerOn(directory)))
      assert.isBelow((yield* Clock.currentTimeMillis) - started.at, 3_000)
      yield* started.polite.inbox.next("goaway")
      const { code } = yield* Deferred.await(started.polite.inbox.closing)
      assert.strictEqual(code, closeCodes.restart)
    }).pipe(Effect.scoped))
})
