/**
 * Appends to the membership logs of meshes: the broker's rules, the fold, the store, in this order.
 *
 * One statement or log at a time, and a refusal leaves no trace. When an append
 * returns, devices it ended are detached and can admit nothing more.
 *
 * @module
 */
import {
  foldStatement,
  foldStatements,
  type Membership,
  type MeshId,
  type Refused,
  refused,
  type Statement
} from "@claudemesh/protocol"
import { Clock, Context, Effect, Layer, Semaphore } from "effect"
import { FOUNDED_MESHES_FILE } from "../data/founded_meshes.ts"
import { StoreIdentity } from "../store/store_identity.ts"
import { checkRestoredTimes, checkTime, unknownPart } from "./admission_rules.ts"
import { MembershipLog, meshNotFound } from "./membership_log.ts"

/** Whether a log may found a mesh. */
export interface PutOptions {
  readonly mayFound: boolean
}

export class Meshes extends Context.Service<Meshes, {
  /** Appends one statement to the log of a mesh there is. */
  readonly append: (statement: Statement) => Effect.Effect<Membership, Refused>
  /** Stores a log from its genesis, or on from what there is. What is there already changes nothing. */
  readonly put: (
    statements: ReadonlyArray<Statement>,
    options: PutOptions
  ) => Effect.Effect<Membership, Refused>
}>()("@claudemesh/broker/membership/meshes") {
  static readonly layer = Layer.effect(Meshes, Effect.suspend(() => make))
}

const make = Effect.gen(function*() {
  const log = yield* MembershipLog
  const identity = yield* StoreIdentity
  const oneAtATime = yield* Semaphore.make(1)

  const append = Effect.fn("Meshes.append")(function*(statement: Statement) {
    yield* Effect.fromResult(checkTime(statement, yield* Clock.currentTimeMillis))
    const before = yield* log.find(statement.mesh)
    const after = yield* Effect.fromResult(foldStatement(before, statement))
    return yield* log.commit({ before, after, statements: [statement] })
  }, (effect) => oneAtATime.withPermit(effect))

  const lastTime = Effect.fnUntraced(function*(membership: Membership | undefined) {
    if (membership === undefined) return 0
    const [last] = yield* log.read(membership.mesh, membership.head.seq - 1, 1)
    return last?.at ?? 0
  })

  const extend = Effect.fnUntraced(function*(
    mesh: MeshId,
    before: Membership | undefined,
    statements: ReadonlyArray<Statement>
  ) {
    const after = yield* Effect.fromResult(foldStatements(statements, before))
    if (after === undefined) return yield* meshNotFound(mesh)
    const now = yield* Clock.currentTimeMillis
    const times = { before: yield* lastTime(before), bornAt: identity.bornAt, now }
    yield* Effect.fromResult(checkRestoredTimes({ statements, after, ...times }))
    return yield* log.commit({ before, after, statements })
  })

  const put = Effect.fn("Meshes.put")(
    function*(statements: ReadonlyArray<Statement>, { mayFound }: PutOptions) {
      const [first] = statements
      if (first === undefined) return yield* refused("malformed", "Cannot store a log of nothing")
      const before = yield* log.find(first.mesh).pipe(
        Effect.catchIf(({ code }) => code === "mesh_not_found", () => Effect.undefined)
      )
      if (before === undefined) {
        yield* checkFounding(first, mayFound)
        return yield* extend(first.mesh, undefined, statements)
      }
      const added = yield* Effect.fromResult(unknownPart(statements, before))
      return added.length === 0 ? before : yield* extend(first.mesh, before, added)
    },
    (effect) => oneAtATime.withPermit(effect)
  )

  return Meshes.of({ append, put })
})

function checkFounding({ kind, mesh }: Statement, mayFound: boolean): Effect.Effect<void, Refused> {
  if (kind !== "genesis") return meshNotFound(mesh)
  if (mayFound) return Effect.void
  return refused(
    "create_denied",
    `Cannot create mesh "${mesh}": the first-admin code is missing or wrong. If this broker lost the mesh, its operator adds the id to "${FOUNDED_MESHES_FILE}" in the data directory, and members give it back`
  )
}
