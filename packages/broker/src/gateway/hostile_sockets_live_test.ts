import { closeCodes } from "@claudemesh/protocol"
import { concatBytes, utf8 } from "@claudemesh/protocol/crypto"
import { keepLog, makeMesh, memberOf, seededBytes, settledHeapBytes } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Schedule } from "effect"
import { connect } from "node:net"
import { BrokerAddress } from "../broker_server.ts"
import { temporaryDirectory } from "../testing/temporary_directory.ts"
import { brokerOn, connectLive, foundOver } from "./testing/live_broker.ts"
import { exchange, frameBytes, type FrameShape, upgradeRequest } from "./testing/raw_socket.ts"
import { attachTo, say } from "./testing/test_device.ts"
import type { Wire } from "./testing/wire.ts"

/*
 * Goal: whatever bytes arrive at the port (B1 to B4 of the fault catalogue), the broker closes with the right code,
 * serves everybody else, keeps no memory and writes no log. Method: real sockets, one of each kind first,
 * then hundreds of all kinds in rounds.
 */

const PROTOCOL_ERROR = 1002
const INVALID_TEXT = 1007

const mesh = makeMesh("hostile sockets", ["ada"])
const ada = { mesh: mesh.membership.mesh, ...memberOf(mesh, "ada") }

interface Abuse {
  readonly what: string
  readonly bytes: Uint8Array
  readonly code: number
}

function frames(...shapes: ReadonlyArray<FrameShape>): Uint8Array {
  return concatBytes(...shapes.map(frameBytes))
}

function fragments(count: number): Uint8Array {
  const [first, more] = [1, 0].map((opcode) => ({ opcode, fin: false, payload: utf8("x") }))
  return frames(first ?? {}, ...Array.from({ length: count - 1 }, () => more ?? {}))
}

const abuses: ReadonlyArray<Abuse> = [
  { what: "an opcode that there is not", bytes: frames({ opcode: 3 }), code: PROTOCOL_ERROR },
  {
    what: "a frame without a mask",
    bytes: frames({ isMasked: false, payload: utf8("{}") }),
    code: PROTOCOL_ERROR
  },
  {
    what: "a compressed frame",
    bytes: frames({ reserved: 4, payload: utf8("x") }),
    code: PROTOCOL_ERROR
  },
  {
    what: "the other reserved bits",
    bytes: frames({ reserved: 3, payload: utf8("x") }),
    code: PROTOCOL_ERROR
  },
  { what: "a continuation of nothing", bytes: frames({ opcode: 0 }), code: PROTOCOL_ERROR },
  { what: "a ping in pieces", bytes: frames({ opcode: 9, fin: false }), code: PROTOCOL_ERROR },
  {
    what: "a ping that is too long",
    bytes: frames({ opcode: 9, payload: new Uint8Array(126) }),
    code: PROTOCOL_ERROR
  },
  {
    what: "a close with half a code",
    bytes: frames({ opcode: 8, payload: new Uint8Array(1) }),
    code: PROTOCOL_ERROR
  },
  {
    what: "a close with a code that there is not",
    bytes: frames({ opcode: 8, payload: new Uint8Array(2) }),
    code: PROTOCOL_ERROR
  },
  { what: "a message in 40 pieces that never ends", bytes: fragments(40), code: closeCodes.policy },
  {
    what: "a frame one byte over the limit",
    bytes: frames({ payload: new Uint8Array(65_537) }),
    code: closeCodes.tooBig
  },
  {
    what: "a frame that claims 100 MB",
    bytes: frames({ length: 100_000_000 }),
    code: closeCodes.tooBig
  },
  {
    what: "a frame that claims more than can be counted",
    bytes: frames({ length: 2 ** 60 }),
    code: closeCodes.tooBig
  },
  {
    what: "text that is not UTF-8",
    bytes: frames({ payload: new Uint8Array([0xc3, 0x28]) }),
    code: INVALID_TEXT
  },
  { what: "bytes for text", bytes: frames({ opcode: 2, payload: utf8("{}") }), code: 1003 },
  {
    what: "a frame before it has attached",
    bytes: frames({
      payload: utf8("{\"type\":\"detach\",\"mesh\":\"m_aaaaaaaaaaaaaaaaaaaaaaaaaa\"}")
    }),
    code: closeCodes.policy
  },
  {
    what: "what is no JSON, three times",
    bytes: frames(...[1, 2, 3].map(() => ({ payload: utf8("}{") }))),
    code: closeCodes.policy
  }
]

/** Runs a test against a broker of its own, and looks at its log afterwards. */
function live<A, E, R>(test: Effect.Effect<A, E, R>) {
  return Effect.gen(function*() {
    const log = keepLog()
    const broker = Layer.provideMerge(brokerOn(yield* temporaryDirectory), log.layer)
    const result = yield* Effect.provide(Effect.scoped(test), broker)
    assert.deepStrictEqual(log.lines, [])
    return result
  }).pipe(Effect.scoped)
}

/** A device that is attached, and is answered whenever it is asked for. */
const attached = Effect.gen(function*() {
  yield* foundOver(mesh.statements)
  const wire = yield* connectLive()
  yield* attachTo(wire, ada)
  return wire
})

/** Whether a device is still answered: if it is not, this waits until the test runs out of time. */
function answered(wire: Wire): Effect.Effect<void> {
  return Effect.andThen(say(wire, { type: "ping", t: 1 }), wire.inbox.next("pong"))
}

const endless = fragments(16_383)

/** Hundreds of connections of every kind, all at once. None answers when it is closed. */
const round = Effect.fnUntraced(function*(number: number) {
  const { port } = yield* BrokerAddress
  const random = seededBytes(`round ${number}`)
  const parts = [
    ...abuses.flatMap(({ bytes }) => Array.from({ length: 10 }, () => bytes)),
    ...Array.from({ length: 100 }, () => concatBytes(random(300), endless.subarray(0, 500))),
    ...Array.from({ length: 300 }, () => endless)
  ]
  yield* Effect.forEach(parts, (bytes) => exchange(port, upgradeRequest(port), bytes), {
    concurrency: "unbounded",
    discard: true
  })
})

const ROUNDS = 4
const GROWTH_MAX = 30_000_000

describe("a broker with hostile sockets", () => {
  it.live("closes each with the code that says why, and negotiates no compression", () =>
    live(Effect.gen(function*() {
      const { port } = yield* BrokerAddress
      const device = yield* attached
      const closed = yield* Effect.forEach(
        abuses,
        ({ bytes }) => exchange(port, upgradeRequest(port), bytes),
        { concurrency: "unbounded" }
      )

      const codes = closed.map(({ closeCode }, at) => [abuses[at]?.what, closeCode])
      assert.deepStrictEqual(codes, abuses.map(({ code, what }) => [what, code]))
      assert.isFalse(closed.some(({ head }) => /sec-websocket-extensions/i.test(head)))
      yield* answered(device)
    })))

  it.live(
    "keeps nothing of hundreds of them, and closes who dribbles its headers",
    () =>
      live(Effect.gen(function*() {
        const { port } = yield* BrokerAddress
        const device = yield* attached
        const began = yield* Clock.currentTimeMillis
        const dribbling = yield* Effect.forkChild(dribble(port))
        yield* round(0)
        const before = settledHeapBytes()
        for (let number = 1; number < ROUNDS; number++) yield* round(number)
        const growth = settledHeapBytes() - before
        yield* answered(device)
        yield* Fiber.join(dribbling)

        assert.isBelow(growth, GROWTH_MAX)
        assert.isBelow((yield* Clock.currentTimeMillis) - began, 20_000)
      })),
    60_000
  )
})

/** A byte now and then, of headers without an end; answers when the broker has had enough. */
const dribble = Effect.fnUntraced(function*(port: number) {
  const socket = connect({ host: "127.0.0.1", port }).on("error", ignore).resume()
  const closed = Effect.callback<void>((resume) => {
    socket.on("close", () => resume(Effect.void))
  })
  socket.write("GET / HTTP/1.1\r\nX: ")
  const more = Effect.repeat(Effect.sync(() => socket.write("x")), Schedule.spaced("100 millis"))
  yield* Effect.raceFirst(closed, more)
})

function ignore(): void {}
