import { makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import type { LocalEvent } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Stream } from "effect"
import { Inbox } from "../../inbox/inbox.ts"
import { Surfacing } from "../../surfacing/surfacing.ts"
import { begunAgent } from "../../testing/agent_client.ts"
import { arrived } from "../../testing/arrived.ts"
import { layerMadeLocalApiWith, madeClient } from "../../testing/made_local_api.ts"
import { layerRegistering } from "../../testing/registering.ts"
import { LocalEvents } from "../events.ts"
import { Views } from "../views.ts"

const made = makeMesh("events_handlers", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const daemon = layerMadeLocalApiWith(layerRegistering, made, "ada")

/** A message of bob in the inbox. */
const arrivedFromBob = Effect.fnUntraced(function*(number: number) {
  yield* arrived({ mesh, sender: bob, id: messageIdOf(number) })
  const [row] = yield* Inbox.use(({ list }) => list({ mesh, unread: false, limit: 1 }))
  return Option.getOrThrow(Option.fromNullishOr(row))
})

describe("events.watch", () => {
  it.effect("tells the user of all that comes, and an agent of what does not wait for the user", () =>
    Effect.gen(function*() {
      const { calls } = yield* begunAgent(7, { unprompted: true })
      const { events } = yield* madeClient
      const { publish } = yield* LocalEvents
      const held = yield* arrivedFromBob(1)
      yield* Surfacing.use(({ assign }) => assign(held))
      const rows = [held, yield* arrivedFromBob(2)]

      const telling = Effect.gen(function*() {
        for (const row of rows) {
          const message = yield* Views.use(({ received }) => received(row))
          yield* publish({ type: "received", message })
        }
        yield* publish({ type: "presence", mesh, device: bob, state: "away" })
      })
      function told<E>(stream: Stream.Stream<LocalEvent, E>) {
        return stream.pipe(
          Stream.tap(({ type }) => type === "watching" ? telling : Effect.void),
          Stream.takeUntil(({ type }) => type === "presence"),
          Stream.runCollect,
          Effect.map((all) => all.map((one) => one.type === "received" ? one.message.id : one.type))
        )
      }

      const [first, second] = [messageIdOf(1), messageIdOf(2)]
      assert.deepStrictEqual(yield* told(yield* events.watch()), [
        "watching",
        first,
        second,
        "presence"
      ])
      assert.deepStrictEqual(yield* told(yield* calls.events.watch()), [
        "watching",
        second,
        "presence"
      ])
    }).pipe(Effect.scoped, Effect.provide(daemon)))
})
