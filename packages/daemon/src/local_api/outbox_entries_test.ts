import { refused } from "@claudemesh/protocol"
import { makeMesh, memberOf, messageIdOf, prekeyOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Option } from "effect"
import { LinkStates } from "../broker_link/link_states.ts"
import { Delivery } from "../outbox/delivery.ts"
import { accepted } from "../testing/accepted.ts"
import { drainOn, layerDraining, refuses } from "../testing/draining.ts"
import { admitAll, beginAll, sign } from "../testing/under_way.ts"
import { makeOutboxEntries } from "./outbox_entries.ts"

const made = makeMesh("entries", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const daemon = layerDraining(made, "ada")

const entryOf = Effect.fnUntraced(
  function*(message: { readonly id: ReturnType<typeof messageIdOf> }) {
    const { entry } = yield* makeOutboxEntries
    return Option.getOrThrow(yield* entry({ mesh, id: message.id }))
  }
)
const attached = LinkStates.use(({ set }) => set(mesh, { state: "attached" }))

describe("makeOutboxEntries", () => {
  it.effect("waits for its mesh to be connected, and can be taken back", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      yield* LinkStates.use(({ set }) =>
        set(mesh, { state: "offline", code: "broker_unreachable", message: "nobody there" })
      )

      const entry = yield* entryOf(message)

      assert.deepInclude(entry, {
        id: message.id,
        state: "queued",
        outbox_state: "pending",
        waits_for: "link",
        attempts: 0,
        cancellable: true
      })
      assert.strictEqual(entry.link.message, "nobody there")
    }).pipe(Effect.provide(daemon)))

  it.effect("waits for its turn, for the broker, and then for the recipient", () =>
    Effect.gen(function*() {
      yield* attached
      const message = yield* accepted({ to: [bob] })
      const states = [yield* entryOf(message)]
      yield* beginAll
      states.push(yield* entryOf(message))
      yield* Delivery.use(({ resume }) => resume(mesh))
      yield* admitAll
      states.push(yield* entryOf(message))
      yield* sign(message, "inboxed")
      states.push(yield* entryOf(message))

      assert.deepStrictEqual(
        states.map(({ cancellable, outbox_state, waits_for }) => [
          outbox_state,
          waits_for,
          cancellable
        ]),
        [
          ["pending", "turn", true],
          ["sending", "broker", false],
          ["admitted", "recipient", false],
          ["delivered", undefined, false]
        ]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("waits for its next attempt after a refusal, and another for it", () =>
    Effect.gen(function*() {
      yield* attached
      const first = yield* accepted({ to: [bob] })
      const second = yield* accepted({ to: [bob] })
      const { fiber } = yield* drainOn(
        [prekeyOf(made, "bob")],
        refuses([1, 2], refused("store_full", "Not now"))
      )
      yield* Fiber.interrupt(fiber)
      const now = yield* Clock.currentTimeMillis

      const refusedOne = yield* entryOf(first)
      const behind = yield* entryOf(second)

      assert.deepInclude(refusedOne, { waits_for: "retry", attempts: 1, last_error: "store_full" })
      assert.isAbove(refusedOne.next_attempt_at ?? 0, now)
      assert.deepInclude(behind, { waits_for: "earlier", behind: first.id, attempts: 0 })
    }).pipe(Effect.provide(daemon)))

  it.effect("counts what was sealed once more as tried again, though nobody refused it", () =>
    Effect.gen(function*() {
      yield* attached
      const message = yield* accepted({ to: [bob] })
      const numbered = yield* beginAll
      yield* Delivery.use(({ overtook }) => overtook(numbered))

      const entry = yield* entryOf(message)

      assert.deepInclude(entry, { outbox_state: "pending", attempts: 1 })
      assert.notProperty(entry, "last_error")
    }).pipe(Effect.provide(daemon)))

  it.effect("says why it ended", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      yield* Delivery.use(({ reject }) => reject(message, "too_large"))

      const entry = yield* entryOf(message)

      assert.deepInclude(entry, { outbox_state: "dead", reason: "too_large", state: "rejected" })
      assert.notProperty(entry, "waits_for")
    }).pipe(Effect.provide(daemon)))

  it.effect("knows nothing of other ids", () =>
    Effect.gen(function*() {
      const { entry } = yield* makeOutboxEntries

      assert.isTrue(Option.isNone(yield* entry({ mesh, id: messageIdOf(9) })))
    }).pipe(Effect.provide(daemon)))
})
