import type { LocalEvent } from "@claudemesh/protocol/local_api"
import { layerSeededRandom, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, PubSub, Ref, Stream } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { LinkStates } from "../broker_link/link_states.ts"
import { Delivery } from "../outbox/delivery.ts"
import { Outbox } from "../outbox/outbox.ts"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import * as Announcer from "./announcer.ts"
import { LocalEvents } from "./events.ts"

const made = makeMesh("announcer", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const daemon = Announcer.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "ada")),
  Layer.provide(layerSeededRandom("announcer"))
)

/** What is told from now on. */
const listening = Effect.gen(function*() {
  const told = yield* Ref.make<ReadonlyArray<LocalEvent>>([])
  const { watch } = yield* LocalEvents
  yield* Effect.forkScoped(
    Stream.runForEach(watch, (event) => Ref.update(told, (all) => [...all, event]))
  )
  yield* settled
  return told
})

/** What was told after the first word. */
function since(told: Ref.Ref<ReadonlyArray<LocalEvent>>) {
  return Effect.map(Ref.get(told), (events) => events.slice(1))
}

const settled = TestClock.adjust("1 millis")

describe("Announcer.layer", () => {
  it.effect("tells the progress of what was sent, as it stands now", () =>
    Effect.gen(function*() {
      const { admitted, begin } = yield* Delivery
      const told = yield* listening
      const message = yield* accepted({ to: [bob] })

      yield* admitted(yield* begin([message]))
      yield* settled

      const events = yield* since(told)
      assert.deepStrictEqual(
        events.map((event) => event.type === "sent" && [event.message.id, event.message.state]),
        [[message.id, "admitted"]]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("tells how a mesh is connected, and nothing of one that is not here", () =>
    Effect.gen(function*() {
      const { changed, set } = yield* LinkStates
      const told = yield* listening

      yield* PubSub.publish(changed, makeMesh("other", ["ada"]).membership.mesh)
      yield* set(mesh, { state: "attached" })
      yield* settled

      const events = yield* since(told)
      assert.deepStrictEqual(
        events.map((event) => event.type === "mesh" && event.mesh.link.state),
        ["attached"]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("goes on after an event that it could not tell", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { progress } = yield* Outbox
      const told = yield* listening
      const { id } = yield* accepted({ to: [bob] })
      yield* sql`UPDATE outbox SET meta = 'broken'`
      yield* PubSub.publish(progress, { mesh, id })
      yield* settled
      yield* sql`UPDATE outbox SET meta = '{"priority":"next"}'`

      yield* PubSub.publish(progress, { mesh, id: messageIdOf(9) })
      yield* PubSub.publish(progress, { mesh, id })
      yield* settled

      assert.lengthOf(yield* since(told), 1)
    }).pipe(Effect.provide(daemon)))
})
