/**
 * Becomes a member: founds a mesh, or joins one by its invite link.
 *
 * Keys are on disk before anybody is told of them. A join that was cut off is
 * taken up again with the same keys, so it neither spends a second use nor
 * leaves a second member behind.
 *
 * @module
 */
import {
  foldStatements,
  foundMesh,
  inviteKeyPair,
  type InviteLink,
  joinMesh,
  liveMember,
  liveMembers,
  openInviteInput,
  parseInviteLink,
  type Refused,
  refused,
  type Statement
} from "@claudemesh/protocol"
import { sign, toBase64Url } from "@claudemesh/protocol/crypto"
import { Context, Effect, Fiber, Layer, Option, Semaphore } from "effect"
import { BrokerHttp } from "../broker_link/broker_http.ts"
import type { Identity, IdentityDraft } from "../identity/identity.ts"
import { KeyRing } from "../identity/key_ring.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { checkName, defaultDeviceName, defaultMemberName, freeName } from "./names.ts"

/** What to found where; names that are absent are the user's and the machine's. */
export interface NewMesh {
  readonly name: string
  readonly broker: string
  readonly member: string | undefined
  readonly device: string | undefined
  readonly code: string | undefined
}

/** By which link to join; a member name that is absent gives way to one that is taken. */
export interface Joining {
  readonly link: string
  readonly member: string | undefined
  readonly device: string | undefined
}

/** How often a join is tried again because others joined at the same time, or have the name. */
const ATTEMPTS_MAX = 32

/** Becomes a member. */
export class Join extends Context.Service<Join, {
  readonly found: (wanted: NewMesh) => Effect.Effect<Mesh, Refused>
  /** Joins; a mesh we belong to already is the answer, and nothing is spent. */
  readonly join: (joining: Joining) => Effect.Effect<Mesh, Refused>
}>()("@claudemesh/daemon/membership/join") {
  static readonly layer = Layer.effect(
    Join,
    Effect.gen(function*() {
      const context = yield* Effect.context<Meshes | KeyRing | BrokerHttp>()
      const scope = yield* Effect.scope
      const oneAtATime = (yield* Semaphore.make(1)).withPermits(1)
      // Whoever asked may hang up: what a broker was told of must still be noted here.
      function toTheEnd(becoming: Effect.Effect<Mesh, Refused, Meshes | KeyRing | BrokerHttp>) {
        return oneAtATime(Effect.provideContext(becoming, context)).pipe(
          Effect.forkIn(scope),
          Effect.flatMap(Fiber.join)
        )
      }
      return Join.of({
        found: (wanted) => toTheEnd(found(wanted)),
        join: (joining) => toTheEnd(join(joining))
      })
    })
  )
}

const found = Effect.fn("Join.found")(function*({ broker, code, device, member, name }: NewMesh) {
  const meshes = yield* Meshes
  const keys = yield* KeyRing
  const http = yield* BrokerHttp
  const meshName = yield* checkName("mesh", name)
  if ((yield* meshes.all).some((mesh) => mesh.name === meshName)) {
    return yield* refused(
      "mesh_exists",
      `Cannot create mesh "${meshName}": this machine has one of that name`
    )
  }
  const origin = yield* originOf(broker)
  const { now } = yield* http.version(origin)
  const names = yield* newcomerNames(member, device)
  const draft = yield* keys.make({ meshName, broker: origin, ...names, founder: true })
  const genesis = yield* genesisOf(draft, now)
  // Not joined before the broker has the mesh: a crash must not leave one here that nobody knows.
  const identity = yield* keys.save(genesis.mesh, draft, "joining")
  const log = { statements: [genesis], ...(code === undefined ? {} : { code }) }
  yield* http.put(origin, log).pipe(
    Effect.tapError(() => keys.forget(genesis.mesh))
  )
  return yield* settle(identity, [genesis])
})

const genesisOf = Effect.fnUntraced(function*(draft: IdentityDraft, at: number) {
  const { member, memberName, meshName, record } = draft
  const root = Option.getOrThrow(Option.fromNullishOr(draft.root)) // a founder has one
  const founder = { name: memberName, key: member, device: record }
  return foundMesh({ name: meshName, policy: { invite: "admin" }, root, member: founder, at })
})

const join = Effect.fn("Join.join")(function*({ device, link: text, member }: Joining) {
  const meshes = yield* Meshes
  const keys = yield* KeyRing
  const link = yield* Effect.fromResult(parseInviteLink(text))
  const known = (yield* meshes.all).find(({ id }) => id === link.mesh)
  if (known !== undefined) return known
  // Keys of that mesh that cannot be used would be in the way once the broker has taken us in.
  yield* keys.find(link.mesh)
  const names = yield* newcomerNames(member, device)
  const identity = yield* joiningIdentity(link, names)
  return yield* Effect.retry(
    joinOnce(link, identity, { wanted: names.memberName, isGiven: member !== undefined }),
    {
      times: ATTEMPTS_MAX,
      while: ({ code }) => code === "head_moved" || (code === "name_taken" && member === undefined)
    }
  )
})

/** The keys to join with: those of a join that was cut off, or new ones. On disk when this returns. */
const joiningIdentity = Effect.fnUntraced(function*(link: InviteLink, names: NewcomerNames) {
  const keys = yield* KeyRing
  const begun = yield* keys.joining(link.mesh)
  if (Option.isSome(begun)) return begun.value
  const { membership } = yield* readLog(link)
  const draft = yield* keys.make({
    meshName: membership.name,
    broker: link.origin,
    ...names,
    founder: false
  })
  return yield* keys.save(link.mesh, draft, "joining")
})

interface NewcomerNames {
  readonly memberName: string
  readonly deviceName: string
}

interface JoinName {
  readonly wanted: string
  readonly isGiven: boolean
}

const joinOnce = Effect.fnUntraced(
  function*(link: InviteLink, identity: Identity, { isGiven, wanted }: JoinName) {
    const http = yield* BrokerHttp
    const { membership, now, statements } = yield* readLog(link)
    if (liveMember(membership, identity.memberId) !== undefined) {
      return yield* settle(identity, statements)
    }
    const name = isGiven ? wanted : freeName(wanted, liveMembers(membership))
    const newcomer = { name, key: identity.member, device: identity.record }
    const statement = joinMesh(membership, newcomer, {
      at: now,
      invite: inviteKeyPair(link.secret)
    })
    yield* http.ask(
      link.origin,
      (broker) => broker.invites.join({ params: { invite: link.id }, payload: { statement } })
    ).pipe(
      Effect.mapError((refusal) =>
        refusal.code === "name_taken"
          ? refused("name_taken", `Cannot join as "${name}": a member of the mesh has that name`)
          : refusal
      )
    )
    return yield* settle(identity, [...statements, statement])
  }
)

/** The mesh has taken us in. Cut off between the two, its log comes from the broker. */
const settle = Effect.fnUntraced(
  function*(identity: Identity, statements: ReadonlyArray<Statement>) {
    const keys = yield* KeyRing
    const meshes = yield* Meshes
    yield* keys.finish(identity.mesh)
    return yield* meshes.add(identity, statements)
  }
)

/** Reads the whole log that the invite opens, and folds it: a broker cannot show us a mesh that is not the link's. */
const readLog = Effect.fnUntraced(function*(link: InviteLink) {
  const http = yield* BrokerHttp
  const key = inviteKeyPair(link.secret)
  const statements: Array<Statement> = []
  while (true) {
    const after = statements.length
    const sig = toBase64Url(
      sign("cm1/invite-open", openInviteInput(link.id, link.origin, after), key)
    )
    const page = yield* http.ask(
      link.origin,
      (broker) => broker.invites.open({ params: { invite: link.id }, payload: { after, sig } })
    )
    statements.push(...page.statements)
    if (statements.length < page.head && page.statements.length > 0) continue
    const membership = yield* Effect.fromResult(foldStatements(statements))
    if (membership?.mesh === link.mesh) return { membership, statements, now: page.now }
    return yield* refused(
      "invite_wrong_mesh",
      `Cannot join mesh "${link.mesh}": the broker shows "${page.mesh}"`
    )
  }
})

const newcomerNames = Effect.fnUntraced(
  function*(member: string | undefined, device: string | undefined) {
    return {
      memberName: yield* member === undefined ? defaultMemberName : checkName("member", member),
      deviceName: yield* device === undefined ? defaultDeviceName : checkName("device", device)
    }
  }
)

/** The origin of an address that a person typed. */
function originOf(address: string): Effect.Effect<string, Refused> {
  const url = URL.parse(address.replace(/^ws/, "http"))
  if (url !== null && /^https?:$/.test(url.protocol)) return Effect.succeed(url.origin)
  return Effect.fail(
    refused("usage", `Cannot use "${address}" as a broker: it is no http or https address`)
  )
}
