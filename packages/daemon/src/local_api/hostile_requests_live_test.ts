import { BrokerAddress, layerBroker } from "@claudemesh/broker"
import { DeviceId, MeshId, MessageId } from "@claudemesh/protocol"
import { LocalApi } from "@claudemesh/protocol/local_api"
import {
  exchangeBytes,
  httpExchange,
  keepLog,
  type KeptLog,
  settledHeapBytes
} from "@claudemesh/testkit"
import {
  brokenRequests,
  hostileRequests,
  replyFlaw,
  type RequestOptions
} from "@claudemesh/testkit/fuzz"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer } from "effect"
import { type IncomingMessage, request } from "node:http"
import { text } from "node:stream/consumers"
import { Home } from "../home.ts"
import { attached, inboxed, type LiveDaemon, say, startDaemon } from "../testing/live_mesh.ts"
import { layerStubHandlers } from "../testing/stub_handlers.ts"
import { layerTemporaryHome, temporaryDirectory } from "../testing/temporary_home.ts"
import { LocalEvents } from "./events.ts"
import * as Server from "./server.ts"

/*
 * Goal: whatever is asked of the daemon's socket, it refuses in its own words and with a status that blames the
 * client, goes on serving others, keeps no memory and writes no log. Method: requests computed from the table
 * of endpoints, each with a few things wrong, bytes that are no HTTP, and clients that do not go on.
 */

const REQUESTS = 1_500
const GROWTH_MAX = 30_000_000
const LINES_MAX = 100
const HALF_OPEN = 30
const READERS = 4

/** What truly is not the client's fault: it asked for a broker that is none. */
const FAULTS = ["broker_unreachable", "not_a_broker"] as const

/** A daemon with a mesh, and somebody in it to speak with. */
const makeWorld = Effect.gen(function*() {
  const directory = yield* temporaryDirectory
  const options = { dataDirectory: `${directory}/broker`, listen: { host: "127.0.0.1", port: 0 } }
  const { origin } = Context.get(yield* Layer.build(layerBroker(options)), BrokerAddress)
  const ada = yield* startDaemon(`${directory}/ada`)
  const bob = yield* startDaemon(`${directory}/bob`)
  yield* ada.api.meshes.create({
    payload: { name: "home", broker: origin, member: "ada", device: "box" }
  })
  const { id, link = "" } = yield* ada.api.invites.create({ payload: {} })
  yield* bob.api.meshes.join({ payload: { link, member: "bob", device: "box" } })
  yield* Effect.forEach([ada, bob], attached)
  const place = { socketPath: `${directory}/ada/run/daemon.sock` }
  return { ada, bob, place, origin, invite: id, link }
})

/** Runs a test in a world of its own, whose log is kept. */
function live<A, E, R>(
  test: (world: Effect.Success<typeof makeWorld>, log: KeptLog) => Effect.Effect<A, E, R>
) {
  const log = keepLog()
  return Effect.flatMap(makeWorld, (world) => test(world, log)).pipe(
    Effect.scoped,
    Effect.provide(log.layer)
  )
}

/** Bodies that are right in that world, so that what is broken afterwards gets as far as it can. */
function optionsIn(
  { invite, link, origin }: Effect.Success<typeof makeWorld>,
  said: string
): RequestOptions {
  const pid = process.pid
  return {
    name: "daemon",
    words: ["home", "ada", "bob", "bob@box", said, said.slice(0, 8), invite, "true", "20"],
    bodies: {
      "POST /v1/meshes": [{ name: "second", broker: origin, member: "ada", device: "box" }, {
        name: "x",
        broker: "http://127.0.0.1:1"
      }],
      "POST /v1/meshes/join": [{ link }, { link, member: "eve", device: "box" }],
      "POST /v1/meshes/use": [{ mesh: "home" }],
      "POST /v1/meshes/leave": [{ mesh: "nowhere" }, { mesh: "nowhere", force: true }],
      "POST /v1/invites": [{}, {
        mesh: "home",
        role: "member",
        max_uses: 2,
        expires_in_ms: 60_000
      }],
      "POST /v1/invites/revoke": [{ invite }, { mesh: "home", invite }],
      "POST /v1/messages": [{ to: "bob", text: "hi" }, {
        mesh: "home",
        to: "bob@box",
        text: "a",
        subject: "b",
        priority: "now",
        reply_to: said,
        ttl_ms: 60_000
      }],
      "POST /v1/inbox/read": [{ ids: [said] }],
      "POST /v1/sessions": [{ name: "agent", cwd: "/", pid, agent: "x" }]
    }
  }
}

/** Whether it still does what it is for. */
const works = Effect.fnUntraced(function*(daemon: LiveDaemon) {
  yield* inboxed(daemon, yield* say(daemon, "bob@box", "still there?"))
})

describe("a daemon with hostile clients", () => {
  it.live(
    "refuses each request as a refusal, and serves the right ones",
    () =>
      live(Effect.fnUntraced(function*(world, log) {
        const { id } = yield* say(world.ada, "bob", "hello")
        const requests = hostileRequests(LocalApi, optionsIn(world, id))
        const ask = yield* httpExchange(world.place)
        const flaws: Array<string> = []
        const statuses = new Set<number>()
        const asking = Effect.fnUntraced(function*(number: number) {
          const request = requests(number)
          if (request.endpoint === "GET /v1/events") return // a stream has no end
          const reply = yield* ask(request)
          const flaw = replyFlaw(reply, FAULTS)
          if (flaw !== undefined) flaws.push(`request ${number} to ${request.endpoint} ${flaw}`)
          if ("status" in reply) statuses.add(reply.status)
        })
        yield* Effect.forEach(numbers(REQUESTS), asking, { concurrency: 12, discard: true })

        assert.deepStrictEqual(flaws, [])
        assert.includeMembers([...statuses], [200, 202, 400, 403, 404, 409])
        assert.deepStrictEqual(log.alarms(), [])
        assert.isBelow(log.lines.length, LINES_MAX)
        yield* works(world.ada)
      })),
    120_000
  )

  it.live(
    "keeps nothing of ten thousand requests, while others send half of one and wait",
    () =>
      live(Effect.fnUntraced(function*({ ada, place }, log) {
        const ask = yield* httpExchange(place)
        const question = { method: "GET", path: "/v1/meshes", headers: {}, body: undefined }
        const asking = Effect.fnUntraced(function*(count: number) {
          yield* Effect.forEach(numbers(count), () => ask(question), {
            concurrency: 8,
            discard: true
          })
        })
        const broken = Effect.forEach(brokenRequests, ({ text }) => exchange(place, text), {
          concurrency: 16
        })
        const half = "POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"
        const waiting = yield* Effect.forkChild(
          Effect.forEach(numbers(HALF_OPEN), () => exchange(place, half), {
            concurrency: "unbounded"
          })
        )
        yield* asking(2_000)
        const before = settledHeapBytes()
        yield* Effect.repeat(broken, { times: 10 })
        yield* asking(10_000)
        const growth = settledHeapBytes() - before
        const answers = yield* broken
        const timedOut = yield* Fiber.join(waiting)

        assert.isBelow(growth, GROWTH_MAX)
        assert.sameMembers([...new Set(answers.map(statusIn))], ["400", "404", "431"])
        assert.sameMembers([...new Set(timedOut.map(statusIn))], ["408"])
        assert.deepStrictEqual(log.alarms(), [])
        yield* works(ada)
      })),
    120_000
  )

  it.live(
    "ends a reader of events that does not read, and keeps little for it",
    () =>
      Effect.gen(function*() {
        const { socket } = yield* Home
        const { publish } = yield* LocalEvents
        const readers = yield* Effect.forEach(numbers(READERS), () => deafReader(socket))
        yield* Effect.forEach(numbers(2_000), () => publish(arrived), { discard: true })
        const before = settledHeapBytes()
        yield* Effect.forEach(numbers(20_000), () => publish(arrived), { discard: true })
        const growth = settledHeapBytes() - before
        const ends = yield* Effect.forEach(readers, (reader) => reader.rest)

        assert.isBelow(growth, GROWTH_MAX)
        assert.isTrue(ends.every((end) => end.includes("\"type\":\"lagging\"")))
      }).pipe(Effect.provide(eventsAlone)),
    60_000
  )
})

/** Something that happens, as large as an event of a message is. */
const arrived = {
  type: "received",
  message: {
    direction: "received",
    id: MessageId.make("019b7600-0000-7000-8000-000000000001"),
    mesh: MeshId.make(`m_${"a".repeat(26)}`),
    mesh_name: "home",
    from: "bob",
    from_device_id: DeviceId.make(`d_${"a".repeat(26)}`),
    text: "x".repeat(1_000),
    priority: "next",
    sent_at: 0,
    received_at: 0,
    read: false
  }
} as const

/** The API of which only the events answer. */
const eventsAlone = Server.layer.pipe(
  Layer.provide(layerStubHandlers),
  Layer.provideMerge(LocalEvents.layer),
  Layer.provideMerge(layerTemporaryHome)
)

function numbers(count: number): ReadonlyArray<number> {
  return Array.from({ length: count }, (_, number) => number)
}

interface SocketPlace {
  readonly socketPath: string
}

/** What comes back on a connection of its own, until the daemon closes it. */
function exchange({ socketPath }: SocketPlace, text: string): Effect.Effect<string> {
  const exchanging = exchangeBytes({ path: socketPath }, [Buffer.from(text, "latin1")])
  return Effect.map(exchanging, (bytes) => Buffer.from(bytes).toString())
}

function statusIn(answer: string): string | undefined {
  return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]
}

/** Asks for the events and reads no more than their beginning; later, whatever is left of them. */
const deafReader = Effect.fnUntraced(function*(socketPath: string) {
  const response = yield* Effect.callback<IncomingMessage>((resume) => {
    const asked = request({ socketPath, path: "/v1/events", agent: false }, (response) => {
      response.once("data", () => {
        response.pause()
        resume(Effect.succeed(response))
      })
    })
    asked.end()
  })
  const rest = Effect.promise(() => text(response))
  return { rest }
})
