/**
 * The broker as a program of a simulated world: everything of it but sockets and files.
 *
 * @module
 */
import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import type { MadeMesh } from "@claudemesh/testkit"
import type { BrokerLink, BrokerProgram, BrokerWorld } from "@claudemesh/testkit/simulation"
import { Context, Effect, Layer, Schedule } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import * as Broker from "../broker.ts"
import { BrokerLimits, defaultBrokerLimits } from "../broker_limits.ts"
import { Attachments } from "../gateway/attachments.ts"
import { Gateway } from "../gateway/gateway.ts"
import { Meshes } from "../membership/meshes.ts"
import * as Stores from "../store/sqlite/database.ts"
import { migrations } from "../store/sqlite/migrations/mod.ts"
import { StoreWitness } from "../store/store_witness.ts"
import { observeStore, STORE_TRIGGERS } from "./observed_store.ts"

/** The program. */
export const simulatedBroker: BrokerProgram = {
  install: (database) => {
    const client = SqliteClient.layerOver(database.connection)
    Effect.runSync(Effect.provide(Migrations.migrate(migrations), client))
    database.observe(STORE_TRIGGERS)
  },
  run: Effect.fn("simulatedBroker")(function*(world) {
    const context = yield* Layer.build(Layer.fresh(layerOf(world)))
    const gateway = Context.get(context, Gateway)
    const meshes = Context.get(context, Meshes)
    yield* Effect.forkScoped(watchAttachments(world, Context.get(context, Attachments)))
    return {
      accept: (link: BrokerLink, origin: string) =>
        Effect.map(gateway.open({ link, origin }), (connection) => ({
          text: (text: string) => connection.receive(text),
          closed: () => connection.closed(),
          heard: () => connection.heard()
        })),
      put: (statements: MadeMesh["statements"]) =>
        Effect.mapError(meshes.put(statements, { mayFound: true }), ({ code }) => code)
    }
  }, Effect.mapError(String))
}

function layerOf(world: BrokerWorld) {
  const founded = Layer.effectDiscard(Effect.gen(function*() {
    if (!world.isFounding) return
    const { put } = yield* Meshes
    for (const { statements } of world.meshes) {
      yield* Effect.ignore(put(statements, { mayFound: true }))
    }
  }))
  const witness = Layer.succeed(StoreWitness, {
    boot: world.boot,
    lastRun: Effect.sync(() => world.lastRun.value),
    noteRun: (run) => Effect.sync(() => void (world.lastRun.value = run))
  })
  const stores = Stores.layerOn(SqliteClient.layerOver(world.disk.openFor(world.process)))
  const observed = Layer.effectDiscard(Effect.sync(() => observeStore(world)))
  return founded.pipe(
    Layer.provideMerge(Broker.layer),
    Layer.provideMerge(Layer.provideMerge(observed, stores)),
    Layer.provide(witness),
    Layer.provide(Layer.succeed(BrokerLimits, { ...defaultBrokerLimits, ...world.tuning })),
    Layer.provide(Layer.succeed(SecureRandom, world.process.secureRandom))
  )
}

/** How often it is looked who is attached. */
const LOOK = "1 second"

/** Tells who is attached, by the table of attachments. */
function watchAttachments({ meshes, tell }: BrokerWorld, attachments: Attachments["Service"]) {
  const known = new Set<string>()
  const look = Effect.sync(() => {
    for (const { members, membership: { mesh } } of meshes) {
      for (const { device } of members.values()) {
        const isAttached = attachments.get(mesh, device) !== undefined
        const key = `${mesh} ${device}`
        if (isAttached === known.has(key)) continue
        if (isAttached) known.add(key)
        else known.delete(key)
        tell({ type: isAttached ? "attached" : "detached", mesh, device })
      }
    }
  })
  return Effect.repeat(look, Schedule.spaced(LOOK))
}
