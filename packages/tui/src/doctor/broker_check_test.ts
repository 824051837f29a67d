import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { daemonStatus, mesh, NOW, offlineMesh } from "../testing/samples.ts"
import { brokerFinding, brokers } from "./broker_check.ts"
import { answering, machine, running } from "./testing/fake_machine.ts"

const well = { answers: true, serves: true, version: "0.1.0", clockMillis: 800 }

/** A broker whose clock says that. */
function broker(at: number) {
  // oxlint-disable-next-line effecttsgo/global-date -- it writes a time that is given
  const headers = { date: new Date(at).toUTCString() }
  return answering({
    "/readyz": () => Response.json({ status: "ok" }, { headers }),
    "/version": () => Response.json({ name: "claudemesh-broker", version: "0.1.0" }, { headers })
  })
}

describe("brokers", () => {
  it.effect("is well where the broker serves and we are connected", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(NOW)
      const [finding] = yield* Effect.provide(brokers, machine({ http: broker(NOW) }))

      assert.strictEqual(finding?.status, "ok")
      assert.strictEqual(finding?.of, "home")
    }))

  it.effect("warns where the clocks are more than five minutes apart", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(NOW)
      const [finding] = yield* Effect.provide(
        brokers,
        machine({ http: broker(NOW + 6 * 60_000) })
      )

      assert.strictEqual(finding?.status, "warning")
      assert.include(finding?.says, "6m ahead of ours")
    }))

  it.effect("fails within its time where nothing answers", () =>
    Effect.gen(function*() {
      const looking = yield* Effect.forkChild(Effect.provide(brokers, machine()))
      yield* TestClock.adjust("3 seconds")
      const [finding] = yield* Fiber.join(looking)

      assert.strictEqual(finding?.status, "failed")
      assert.strictEqual(finding?.fix?.cmd, "claudemesh up")
    }))

  it.effect("is skipped in no mesh, and where no daemon answers", () =>
    Effect.gen(function*() {
      const none = running({}, { ...daemonStatus, meshes: [] })
      const [noMesh] = yield* Effect.provide(brokers, machine({ daemon: none }))
      const [noDaemon] = yield* Effect.provide(
        brokers,
        machine({ daemon: Effect.succeed({ is: "silent" }) })
      )

      assert.deepStrictEqual([noMesh?.status, noDaemon?.status], ["skipped", "skipped"])
    }))
})

describe("brokerFinding", () => {
  it("tells a server that is no broker, one that does not serve, and one that refuses us", () => {
    const verdicts = [
      brokerFinding(mesh, { ...well, version: undefined }),
      brokerFinding(mesh, { ...well, serves: false }),
      brokerFinding(offlineMesh, well)
    ]

    assert.deepStrictEqual(verdicts.map(({ status }) => status), ["failed", "failed", "failed"])
    assert.include(verdicts[2]?.says, "nothing listens there")
  })

  it("waits for one that is just connecting", () => {
    const connecting = { ...mesh, link: { ...mesh.link, state: "connecting" as const } }
    assert.strictEqual(brokerFinding(connecting, well).status, "warning")
  })
})
