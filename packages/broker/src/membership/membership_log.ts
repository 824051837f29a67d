/**
 * Keeps the memberships of meshes in memory, as the store holds their logs, and commits what follows them.
 *
 * A membership in memory is a cache: the store refuses a change that does not
 * follow what it holds. Whoever is attached is told in the order of commits;
 * also of a commit whose answer was lost, as soon as the log is read again.
 *
 * @module
 */
import {
  foldStatements,
  type InviteId,
  type Membership,
  type MeshId,
  type Refused,
  refused,
  type Statement
} from "@claudemesh/protocol"
import { Cache, Context, Effect, Layer } from "effect"
import { MembershipStore } from "../store/membership_store.ts"
import { toRefused } from "../store/store_refusal.ts"
import { changeOf } from "./membership_change.ts"
import { MembershipNews } from "./membership_news.ts"

/** Memberships kept in memory; others are folded again when they are wanted. */
const MEMBERSHIPS_MAX = 4_096

/** Statements read from the store at once. */
const PAGE_LENGTH = 256

/** A membership that follows another, or founds a mesh, and the statements that lead to it. */
export interface NextMembership {
  readonly before: Membership | undefined
  readonly after: Membership
  readonly statements: ReadonlyArray<Statement>
}

export class MembershipLog extends Context.Service<MembershipLog, {
  /** The membership as it stands, or `mesh_not_found`. */
  readonly find: (mesh: MeshId) => Effect.Effect<Membership, Refused>
  /** The same, after a look into the store: another broker on it may have appended, or a commit's answer been lost. */
  readonly refresh: (mesh: MeshId) => Effect.Effect<Membership, Refused>
  /** The mesh that offers this invite, or `invite_not_found`. */
  readonly ofInvite: (invite: InviteId) => Effect.Effect<Membership, Refused>
  /** Statements after a number, at most `limit`. */
  readonly read: (
    mesh: MeshId,
    after: number,
    limit: number
  ) => Effect.Effect<ReadonlyArray<Statement>, Refused>
  /** Stores what follows, and tells it; `head_moved` if the log has moved on. Called one at a time. */
  readonly commit: (next: NextMembership) => Effect.Effect<Membership, Refused>
  /** Has every membership folded again when it is wanted, for a store that is another one. */
  readonly forget: Effect.Effect<void>
}>()("@claudemesh/broker/membership/membership_log/MembershipLog") {
  static readonly layer = Layer.effect(MembershipLog, Effect.suspend(() => make))
}

const make = Effect.gen(function*() {
  const store = yield* MembershipStore
  const news = yield* MembershipNews

  function read(mesh: MeshId, after: number, limit: number) {
    return Effect.mapError(store.read(mesh, after, limit), toRefused)
  }

  /** What was told last of a mesh whose log may have moved on without that. */
  const doubted = new Map<MeshId, Membership>()

  const load = Effect.fnUntraced(function*(mesh: MeshId) {
    const told = doubted.get(mesh)
    const untold: Array<Statement> = []
    let membership: Membership | undefined = undefined
    for (;;) {
      const after: number = membership?.head.seq ?? 0
      const page = yield* read(mesh, after, PAGE_LENGTH)
      untold.push(...page.filter(({ seq }) => told !== undefined && seq > told.head.seq))
      // What the store holds was folded before it was stored, so a refusal here is a defect.
      membership = yield* Effect.orDie(Effect.fromResult(foldStatements(page, membership)))
      if (page.length < PAGE_LENGTH) break
    }
    if (membership === undefined) return yield* meshNotFound(mesh)
    if (told !== undefined) tellLate(told, membership, untold)
    return membership
  })

  function tellLate(
    told: Membership,
    membership: Membership,
    statements: ReadonlyArray<Statement>
  ) {
    doubted.delete(membership.mesh)
    const { devicesEnded } = changeOf(told, membership, statements)
    news.publish({ membership, statements, devicesEnded })
  }

  const cache = yield* Cache.make({ capacity: MEMBERSHIPS_MAX, lookup: load })

  function find(mesh: MeshId) {
    // A failure is not remembered: the mesh may be founded, or the disk be well, a moment later.
    return Effect.tapError(Cache.get(cache, mesh), () => Cache.invalidate(cache, mesh))
  }

  function doubt(mesh: MeshId, told: Membership | undefined) {
    if (told !== undefined && !doubted.has(mesh)) doubted.set(mesh, told)
    return Cache.invalidate(cache, mesh)
  }

  const refresh = Effect.fn("MembershipLog.refresh")(function*(mesh: MeshId) {
    const known = yield* find(mesh)
    if ((yield* read(mesh, known.head.seq, 1)).length === 0) return known
    yield* doubt(mesh, known)
    return yield* find(mesh)
  })

  const ofInvite = Effect.fn("MembershipLog.ofInvite")(function*(invite: InviteId) {
    const mesh = yield* Effect.mapError(store.meshOfInvite(invite), toRefused)
    if (mesh !== undefined) return yield* find(mesh)
    return yield* refused("invite_not_found", `Cannot find invite "${invite}"`)
  })

  const commit = Effect.fn("MembershipLog.commit")(function*(next: NextMembership) {
    const { after, before, statements } = next
    const change = changeOf(before, after, statements)
    const stored = yield* store.append(change).pipe(
      // It may have happened, though nobody said so.
      Effect.tapError(() => doubt(after.mesh, before)),
      Effect.mapError(toRefused)
    )
    if (!stored) {
      yield* doubt(after.mesh, before)
      yield* Effect.ignore(find(after.mesh))
      return yield* headMoved(after.mesh)
    }
    yield* Cache.set(cache, after.mesh, after)
    news.publish({ membership: after, statements, devicesEnded: change.devicesEnded })
    return after
  }, Effect.uninterruptible)

  const forget = Cache.invalidateAll(cache)
  return MembershipLog.of({ find, refresh, ofInvite, read, commit, forget })
})

function headMoved(mesh: MeshId): Refused {
  return refused("head_moved", `Cannot append to mesh ${mesh}: its log has moved on`)
}

/** The mesh is not here. */
export function meshNotFound(mesh: MeshId): Refused {
  return refused("mesh_not_found", `Cannot find mesh "${mesh}" at this broker`)
}
