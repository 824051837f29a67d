import { assert, describe, it } from "@effect/vitest"
import { PingReport } from "@claudemesh/protocol/local_api"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { documentOf, type as typed } from "../../testing/command_line.ts"
import { daemonStatus, NOW, peer } from "../../testing/samples.ts"

const answered = PingReport.make({
  name: "bob@tower",
  device_id: peer.device_id,
  state: "online",
  since: NOW - 60_000,
  legs: [
    { leg: "broker", ms: 0.42 },
    { leg: "admitted", ms: 2.1 },
    { leg: "answered", ms: 150.4 }
  ]
})

const silent = PingReport.make({
  name: "bob@pi",
  device_id: peer.device_id,
  state: "gone",
  since: NOW - 3 * 3_600_000,
  legs: [{ leg: "broker", ms: 0.42 }, { leg: "admitted", ms: 2.1 }],
  failure: { code: "timed_out", message: "No answer within 5000 ms" }
})

/** A daemon that answers every ping so, and what it was asked. */
function playing(...items: ReadonlyArray<PingReport>) {
  const asked: Array<unknown> = []
  const daemon = {
    daemon: { status: () => Effect.succeed(daemonStatus) },
    calls: {
      ping: ({ payload }: { readonly payload: object }) =>
        Effect.sync(() => {
          asked.push(payload)
          return { items }
        })
    }
  }
  return { asked, daemon }
}

describe("ping", () => {
  it.effect("times every leg to every device of a peer", () =>
    Effect.gen(function*() {
      const { daemon } = playing(answered, silent)
      const { exit, stdout } = yield* typed(["ping", "bob"], { daemon, terminal: true })

      assert.strictEqual(exit, 0)
      assert.strictEqual(
        stdout,
        `TO         DAEMON  BROKER  ADMITTED  ANSWERED
bob@tower  0.0 ms  0.4 ms  2.1 ms    150 ms    answered, 153 ms there and back
bob@pi     0.0 ms  0.4 ms  2.1 ms    -         No answer within 5000 ms; it got as far as the broker, which has it; its machine has been gone for 3h

1 of 2 answered; there and back 153 ms (153 ms to 153 ms)
Next: claudemesh send bob@pi "…"  (messages are kept until it is there)
`
      )
    }))

  it.effect("ends with the exit code of what stood in the way, if nothing was answered", () =>
    Effect.gen(function*() {
      const broker = { code: "broker_unreachable", message: "Nothing listens there" } as const
      const cut = { ...silent, legs: [], failure: broker }
      const timedOut = yield* typed(["ping", "bob"], playing(silent))
      const offline = yield* typed(["ping", "bob"], playing(cut))

      assert.deepStrictEqual([timedOut.exit, offline.exit], [4, 8])
      assert.include(offline.stdout, "it got as far as the daemon of this machine")
    }))

  it.effect("pings as often as it is told, a second apart, and says each as it goes", () =>
    Effect.gen(function*() {
      const { asked, daemon } = playing(answered)
      const pinging = yield* Effect.forkChild(
        typed(["ping", "bob", "--count", "3", "--timeout", "2s", "--mesh", "home"], {
          daemon,
          terminal: true
        })
      )
      yield* Effect.repeat(Effect.yieldNow, { until: () => asked.length === 1 })
      yield* TestClock.adjust("2 seconds")
      const { stderr, stdout } = yield* Fiber.join(pinging)

      assert.deepStrictEqual(asked.at(-1), { to: "bob", mesh: "home", timeout_ms: 2_000 })
      assert.lengthOf(asked, 3)
      assert.strictEqual(stderr, "bob@tower: answered, 153 ms there and back\n".repeat(3))
      assert.include(stdout, "3 of 3 answered")
    }))

  it.effect("is one document for programs", () =>
    Effect.gen(function*() {
      const { stderr, stdout } = yield* typed(["ping", "bob", "--json"], playing(silent))
      const { items } = yield* documentOf(stdout)

      assert.strictEqual(stderr, "")
      assert.deepInclude(items?.[0], {
        name: "bob@pi",
        number: 1,
        answered: false,
        since: "2026-11-24T03:00:00.000Z",
        failure: silent.failure
      })
      assert.deepStrictEqual(items?.[0]?.["legs"], [{ leg: "daemon", ms: 0 }, ...silent.legs])
    }))

  it.effect("refuses to ping less than once", () =>
    Effect.gen(function*() {
      const { exit } = yield* typed(["ping", "bob", "--count", "0"], playing(answered))

      assert.strictEqual(exit, 2)
    }))
})
