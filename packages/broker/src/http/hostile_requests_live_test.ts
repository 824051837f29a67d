import { BrokerApi, inviteIdOf } from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import {
  exchangeBytes,
  httpExchange,
  joinOf,
  keepLog,
  type KeptLog,
  makeMember,
  makeMesh,
  settledHeapBytes,
  withOffer
} from "@claudemesh/testkit"
import { brokenRequests, hostileRequests, replyFlaw, toJson } from "@claudemesh/testkit/fuzz"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { BrokerAddress } from "../broker_server.ts"
import { brokerOn, connectLive } from "../gateway/testing/live_broker.ts"
import { temporaryDirectory } from "../testing/temporary_directory.ts"

/*
 * Goal: whatever is asked over HTTP, the broker refuses in its own words and with a status that blames the
 * client, lives on, keeps no memory and writes no log. Method: requests computed from the table of
 * endpoints, each with a few things wrong, and bytes that are no HTTP.
 */

const REQUESTS = 1_500
const GROWTH_MAX = 30_000_000

const offered = withOffer(makeMesh("hostile requests", ["ada"]))
const invite = inviteIdOf(toBase64Url(offered.invite.publicKey))
const statements = toJson(offered.mesh.statements)
const requests = hostileRequests(BrokerApi, {
  name: "broker",
  words: [invite],
  bodies: {
    "POST /v1/meshes": [{ statements }, { statements, code: "wrong" }],
    "POST /v1/invites/:invite/open": [{ after: 0, sig: "A".repeat(86) }],
    "POST /v1/invites/:invite/join": [
      { statement: toJson(joinOf(offered, makeMember("bob", offered.mesh.bytes))) }
    ]
  }
})

/** Runs a test against a broker of its own. */
function live<A, E, R>(test: (log: KeptLog) => Effect.Effect<A, E, R>) {
  return Effect.gen(function*() {
    const log = keepLog()
    const broker = Layer.provideMerge(brokerOn(yield* temporaryDirectory), log.layer)
    return yield* Effect.provide(Effect.scoped(test(log)), broker)
  }).pipe(Effect.scoped)
}

describe("a broker with hostile requests", () => {
  it.live(
    "refuses each as a refusal, and serves the right ones",
    () =>
      live(Effect.fnUntraced(function*(log) {
        const { host, port } = yield* BrokerAddress
        const ask = yield* httpExchange({ host, port })
        const flaws: Array<string> = []
        const statuses = new Set<number>()
        yield* Effect.forEach(Array.from({ length: REQUESTS }, (_, number) => number), (number) =>
          Effect.map(ask(requests(number)), (reply) => {
            const flaw = replyFlaw(reply)
            if (flaw !== undefined) {
              flaws.push(`request ${number} ${flaw}`.slice(0, 300))
            }
            if ("status" in reply) {
              statuses.add(reply.status)
            }
          }), { concurrency: 8, discard: true })

        assert.deepStrictEqual(flaws, [])
        assert.deepStrictEqual(log.lines, [])
        assert.includeMembers([...statuses], [200, 400, 403, 404])
        yield* (yield* connectLive()).inbox.next("challenge")
      })),
    60_000
  )

  it.live(
    "drops what is no HTTP, and keeps nothing of thousands of them",
    () =>
      live(Effect.fnUntraced(function*(log) {
        const { host, port } = yield* BrokerAddress
        const answers = Effect.forEach(
          brokenRequests,
          ({ text }) => exchangeBytes({ host, port }, [Buffer.from(text, "latin1")]),
          { concurrency: "unbounded" }
        )
        const first = yield* answers
        yield* Effect.repeat(answers, { times: 20 })
        const before = settledHeapBytes()
        yield* Effect.repeat(answers, { times: 80 })
        const growth = settledHeapBytes() - before

        const statuses = first.map((bytes) =>
          /^HTTP\/1\.1 (\d+)/.exec(Buffer.from(bytes).toString())?.[1]
        )
        // A request of the first version of HTTP has no version, and is served.
        assert.sameMembers([...new Set(statuses)], ["200", "400", "403", "431"])
        assert.isBelow(growth, GROWTH_MAX)
        assert.deepStrictEqual(log.lines, [])
        yield* (yield* connectLive()).inbox.next("challenge")
      })),
    60_000
  )
})
