/**
 * The meshes of this machine: who we are in each, its membership so far, and how far it was read.
 *
 * Membership is a fold of the log. A statement that does not fold is not kept,
 * whoever sent it; a log that forks from ours is refused and noted.
 *
 * @module
 */
import {
  foldStatements,
  type Membership,
  type MeshId,
  type Refused,
  refused,
  type Statement
} from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import {
  Clock,
  Context,
  Effect,
  HashMap,
  Layer,
  Option,
  Result,
  Semaphore,
  SubscriptionRef
} from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { HealthNotes } from "../health.ts"
import type { Identity } from "../identity/identity.ts"
import { KeyRing } from "../identity/key_ring.ts"
import { freeName } from "../membership/names.ts"
import { findMesh, type Mesh, meshOf, newStatements } from "./mesh.ts"
import { makeMeshStore } from "./mesh_store.ts"
import { makeSettings } from "./settings.ts"

export type { Mesh } from "./mesh.ts"

/** Where the broker's store and our streams stand, as it says at an attach. */
export interface StoreView {
  readonly storeEpoch: string
  readonly sseqFloor: number
}

/** Keeps the meshes of this machine. */
export class Meshes extends Context.Service<Meshes, {
  /** Names this inbox database: another one means that it was restored or cloned. */
  readonly incarnation: string
  /** Every mesh, and each change of one. */
  readonly state: SubscriptionRef.SubscriptionRef<HashMap.HashMap<MeshId, Mesh>>
  readonly all: Effect.Effect<ReadonlyArray<Mesh>>
  readonly find: (mesh: MeshId) => Effect.Effect<Mesh, Refused>
  /** The mesh a person means: by name or id prefix; the current one if nothing is said. */
  readonly resolve: (ref: string | undefined) => Effect.Effect<Mesh, Refused>
  /** The mesh that verbs mean when nothing is said. */
  readonly current: Effect.Effect<Option.Option<Mesh>>
  readonly use: (mesh: MeshId) => Effect.Effect<void>
  /** Takes a mesh up with its log, under a name of its own. */
  readonly add: (
    identity: Identity,
    statements: ReadonlyArray<Statement>
  ) => Effect.Effect<Mesh, Refused>
  /** Folds statements that follow what is known; known ones must be the same. */
  readonly learn: (
    mesh: MeshId,
    statements: ReadonlyArray<Statement>
  ) => Effect.Effect<Membership | undefined, Refused>
  /** The statements after a number. */
  readonly statements: (mesh: MeshId, after?: number) => Effect.Effect<ReadonlyArray<Statement>>
  /**
   * Commits what was read from the mailbox together with how far that is by the broker's numbers, which
   * may be less far than before. What is known of the mesh changes after the commit, and never without it.
   */
  readonly commitRead: <A, E>(
    mesh: MeshId,
    upto: number,
    storing: Effect.Effect<A, E>
  ) => Effect.Effect<A, E>
  /** Takes over what the broker said at an attach; in another store than before, reading begins anew. */
  readonly setStore: (mesh: MeshId, view: StoreView) => Effect.Effect<void>
  /** Forgets the mesh and its keys, in one commit with what else there is to forget of it. */
  readonly forget: (mesh: MeshId, alongside?: Effect.Effect<void>) => Effect.Effect<void, Refused>
}>()("@claudemesh/daemon/meshes/meshes") {
  static readonly layer = Layer.effect(
    Meshes,
    Effect.gen(function*() {
      const keys = yield* KeyRing
      const store = yield* makeMeshStore
      const settings = yield* makeSettings
      const random = yield* SecureRandom.SecureRandom
      const oneAtATime = (yield* Semaphore.make(1)).withPermits(1)
      const incarnation = yield* settings.settled(
        "incarnation",
        Effect.map(random.randomBytes(16), toBase64Url)
      )
      const state = yield* SubscriptionRef.make(HashMap.empty<MeshId, Mesh>())
      const all = Effect.map(
        SubscriptionRef.get(state),
        (meshes) =>
          [...HashMap.values(meshes)].toSorted((one, other) => (one.name < other.name ? -1 : 1))
      )
      const find = Effect.fnUntraced(function*(mesh: MeshId) {
        const found = HashMap.get(yield* SubscriptionRef.get(state), mesh)
        if (Option.isSome(found)) return found.value
        return yield* refused("mesh_not_found", `Cannot find mesh "${mesh}" on this machine`)
      })
      // The first mesh there is stays current until another is chosen, so that no later one slips in.
      const current = Effect.gen(function*() {
        const meshes = yield* all
        const chosen = Option.getOrUndefined(yield* settings.get("current_mesh"))
        const found = meshes.find(({ id }) => id === chosen)
        if (found !== undefined) return Option.some(found)
        const [damaged] = yield* Effect.orElseSucceed(keys.unusable, () => [])
        // It may be the chosen one whose keys cannot be used: then another is not what is meant.
        const [first] = damaged === undefined ? meshes : []
        if (first !== undefined) yield* settings.set("current_mesh", first.id)
        return Option.fromNullishOr(first)
      })
      const resolve = Effect.fn("Meshes.resolve")(function*(typed: string | undefined) {
        if (typed !== undefined) return yield* Effect.fromResult(findMesh(yield* all, typed))
        const found = yield* current
        if (Option.isSome(found)) return found.value
        const [damaged] = yield* keys.unusable
        return yield* damaged ?? refused("no_mesh", "There is no mesh on this machine yet")
      })
      const forget = Effect.fn("Meshes.forget")(
        function*(id: MeshId, alongside: Effect.Effect<void> = Effect.void) {
          // Keys last: with them here the whole mesh is, and forgetting it again works.
          yield* store.remove(id, Effect.andThen(alongside, keys.forget(id)))
          yield* SubscriptionRef.update(state, HashMap.remove(id))
        },
        Effect.uninterruptible,
        oneAtATime
      )

      yield* load({ keys, store, state })
      yield* current
      return Meshes.of({
        incarnation,
        state,
        all,
        find,
        resolve,
        current,
        use: (mesh) => settings.set("current_mesh", mesh),
        statements: store.statements,
        forget,
        ...(yield* makeChanges({ store, state, find, oneAtATime }))
      })
    })
  )
}

type MeshStore = Effect.Success<typeof makeMeshStore>

type State = SubscriptionRef.SubscriptionRef<HashMap.HashMap<MeshId, Mesh>>

/** The ways in which what is known of a mesh grows. */
const makeChanges = Effect.fnUntraced(function*({ find, oneAtATime, state, store }: {
  readonly store: MeshStore
  readonly state: State
  readonly find: Meshes["Service"]["find"]
  /** What is read before it is written must still hold then. */
  readonly oneAtATime: <A, E>(changing: Effect.Effect<A, E>) => Effect.Effect<A, E>
}) {
  const health = yield* HealthNotes
  function change(id: MeshId, facts: Partial<Mesh>) {
    return SubscriptionRef.update(
      state,
      HashMap.modify(id, (mesh): Mesh => ({ ...mesh, ...facts }))
    )
  }

  const add = Effect.fn("Meshes.add")(
    function*(identity: Identity, statements: ReadonlyArray<Statement>) {
      const membership = yield* Effect.fromResult(foldStatements(statements))
      // Also those whose keys cannot be used now: they come back.
      const name = freeName(identity.meshName, yield* store.rows)
      yield* store.add(identity.mesh, name, yield* Clock.currentTimeMillis)
      yield* store.append(identity.mesh, statements)
      const mesh = meshOf(
        identity,
        { mesh: identity.mesh, name, storeEpoch: null, upto: 0 },
        membership
      )
      yield* SubscriptionRef.update(state, HashMap.set(mesh.id, mesh))
      return mesh
    },
    oneAtATime
  )
  const learn = Effect.fn("Meshes.learn")(
    function*(id: MeshId, statements: ReadonlyArray<Statement>) {
      const { membership } = yield* find(id)
      const news = yield* Effect.fromResult(newStatements(membership, statements))
      if (news.length === 0) return membership
      const folded = yield* Effect.fromResult(foldStatements(news, membership))
      if (folded?.mesh !== id) return yield* otherMesh(id, folded)
      yield* store.append(id, news)
      yield* change(id, { membership: folded })
      return folded
    },
    oneAtATime,
    Effect.tapError((error) => health.note(error.message))
  )
  function commitRead<A, E>(id: MeshId, upto: number, storing: Effect.Effect<A, E>) {
    return Effect.uninterruptibleMask((restore) =>
      store.commitRead(id, upto, restore(storing)).pipe(Effect.tap(change(id, { upto })))
    )
  }
  const setStore = Effect.fnUntraced(function*(id: MeshId, { sseqFloor, storeEpoch }: StoreView) {
    const before = HashMap.get(yield* SubscriptionRef.get(state), id)
    const isOther = Option.isSome(before) && before.value.storeEpoch !== storeEpoch
    yield* store.setStore(id, storeEpoch, sseqFloor)
    yield* change(id, isOther ? { storeEpoch, upto: 0 } : { storeEpoch })
  })
  return { add, learn, commitRead, setStore }
})

/** The id commits to the genesis: a log of another mesh is none of ours, however well it folds. */
function otherMesh(id: MeshId, membership: Membership | undefined) {
  return refused(
    "wrong_mesh",
    `Cannot follow the broker: for mesh ${id} it shows the log of ${membership?.mesh ?? "none"}`
  )
}

/** Takes up every mesh whose keys are here, the database being only a copy of what the broker has. */
const load = Effect.fnUntraced(function*({ keys, state, store }: {
  readonly keys: KeyRing["Service"]
  readonly store: MeshStore
  readonly state: State
}) {
  const rows = new Map((yield* store.rows).map((row) => [row.mesh, row]))
  for (const identity of yield* keys.saved) {
    const { createdAt, mesh: id, meshName } = identity
    const meshes = yield* SubscriptionRef.get(state)
    const taken = [...rows.values(), ...HashMap.values(meshes)]
    const name = rows.get(id)?.name ?? freeName(meshName, taken)
    yield* store.add(id, name, createdAt)
    const folded = Result.getOrUndefined(foldStatements(yield* store.statements(id)))
    const row = rows.get(id) ?? { mesh: id, name, storeEpoch: null, upto: 0 }
    yield* SubscriptionRef.set(state, HashMap.set(meshes, id, meshOf(identity, row, folded)))
  }
})
