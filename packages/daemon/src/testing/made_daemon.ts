/**
 * Gives a test the state of a daemon that is a member of a made mesh: no socket, no file, no broker.
 *
 * @module
 */
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { LinkStates } from "../broker_link/link_states.ts"
import { Calls } from "../calls/calls.ts"
import { HealthNotes } from "../health.ts"
import { KeyRing } from "../identity/key_ring.ts"
import { Inbox } from "../inbox/inbox.ts"
import { LocalEvents } from "../local_api/events.ts"
import { Views } from "../local_api/views.ts"
import { Meshes } from "../meshes/meshes.ts"
import { Delivery } from "../outbox/delivery.ts"
import { Outbox } from "../outbox/outbox.ts"
import { Prekeys } from "../prekeys/prekeys.ts"
import { Roster } from "../roster/roster.ts"
import { Surfacing } from "../surfacing/surfacing.ts"
import { identityOf, madeAt, type MeshMade, ownPrekeyOf } from "./made_identity.ts"
import { layerMigratedDatabase } from "./migrated_database.ts"

/** Keys of one member of a made mesh, in no file. */
export function layerMadeKeys(made: MeshMade, name: string): Layer.Layer<KeyRing> {
  const identity = identityOf(made, name)
  return Layer.mock(KeyRing)({
    unusable: Effect.succeed([]),
    saved: Effect.succeed([identity]),
    find: () => Effect.succeedSome(identity),
    prekeys: () => Effect.succeed([ownPrekeyOf(made, name)]),
    erasePrekeys: () => Effect.succeed(0),
    forget: () => Effect.void
  })
}

/** The member of that name on its machine: the log is read, nothing was sent, nothing has arrived. Needs chance. */
export function layerMadeDaemon(made: MeshMade, name: string, filename?: string) {
  const stores = Surfacing.layer.pipe(
    Layer.provideMerge(
      Layer.mergeAll(Meshes.layer, Inbox.layer, Prekeys.layer, Delivery.layer)
    ),
    Layer.provideMerge(
      Layer.mergeAll(Outbox.layer, LinkStates.layer, Roster.layer, LocalEvents.layer, Calls.layer)
    )
  )
  const learnt = Layer.effectDiscard(
    Meshes.use(({ learn }) => learn(made.membership.mesh, made.statements))
  )
  return learnt.pipe(
    Layer.provideMerge(Views.layer),
    Layer.provideMerge(stores),
    Layer.provideMerge(layerMadeKeys(made, name)),
    Layer.provideMerge(HealthNotes.layer),
    Layer.provideMerge(layerMigratedDatabase(filename)),
    Layer.provideMerge(Layer.effectDiscard(TestClock.setTime(madeAt(made))))
  )
}

/** The only mesh there is. */
export const theMesh = Meshes.use(({ resolve }) => resolve(undefined))
