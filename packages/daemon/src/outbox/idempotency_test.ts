import { SessionId } from "@claudemesh/protocol"
import { utf8 } from "@claudemesh/protocol/crypto"
import type { OutboxState } from "@claudemesh/protocol/local_api"
import { layerSeededRandom, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { refusalOfRepeat } from "./idempotency.ts"

const made = makeMesh("idempotency", ["ada", "bob", "cy"])
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("idempotency"))

const same = { to: [{ device: bob }], meta: { priority: "next" }, content: utf8("hello") } as const
const others = {
  "other words": { ...same, content: utf8("bye") },
  "another subject": { ...same, meta: { priority: "next", subject: "x" } },
  "another device": { ...same, to: [{ device: cy }] },
  "one device more": { ...same, to: [{ device: bob }, { device: cy }] },
  "an agent run on the device": {
    ...same,
    to: [{ device: bob, session: SessionId.make("00000000-0000-4000-8000-000000000001") }]
  },
  "nobody": { ...same, to: [] }
} as const

const STATES: ReadonlyArray<OutboxState> = [
  "pending",
  "sending",
  "admitted",
  "delivered",
  "dead",
  "expired",
  "aborted"
]

describe("refusalOfRepeat", () => {
  it.effect("takes the same for the same until it has failed, and wants a new id from then on", () =>
    Effect.gen(function*() {
      const known = yield* accepted({ to: [bob] })

      const codes = STATES.map((state) => refusalOfRepeat({ ...known, state }, same)?.code)

      assert.deepStrictEqual(codes, [
        undefined,
        undefined,
        undefined,
        undefined,
        "message_ended",
        "message_ended",
        "message_ended"
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect.each(Object.entries(others))(
    "refuses %s in any state, and names it",
    ([, other]) =>
      Effect.gen(function*() {
        const known = yield* accepted({ to: [bob] })

        for (const state of STATES) {
          const refusal = refusalOfRepeat({ ...known, state }, other)

          assert.strictEqual(refusal?.code, "id_reused")
          assert.include(refusal?.message, state)
        }
        const byKey = refusalOfRepeat(known, { ...other, key: "deploy 42" })
        assert.include(byKey?.message, `idempotency key "deploy 42"`)
      }).pipe(Effect.provide(daemon))
  )

  it.effect("says how it ended", () =>
    Effect.gen(function*() {
      const known = yield* accepted({ to: [bob] })
      function said(more: Partial<typeof known>) {
        return refusalOfRepeat({ ...known, ...more }, same)?.message.split(": ")[1]
      }

      assert.strictEqual(said({ state: "dead", reason: "too_large" }), "it is dead (too_large)")
      assert.strictEqual(said({ state: "expired", reason: "expired" }), "it is expired")
      assert.strictEqual(said({ state: "aborted" }), "it is aborted")
      assert.strictEqual(
        said({ state: "aborted", reason: "expired", supersededBy: messageIdOf(7) }),
        `"${messageIdOf(7)}" was sent in its place`
      )
    }).pipe(Effect.provide(daemon)))
})
