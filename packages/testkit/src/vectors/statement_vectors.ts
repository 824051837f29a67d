/**
 * Vectors of the membership log: what a log amounts to, and which statements it refuses.
 *
 * @module
 */
import {
  foldStatements,
  liveDevices,
  liveMembers,
  type Membership,
  meshOfGenesis,
  signStatement,
  Statement
} from "@claudemesh/protocol"
import { HashMap, Result, Schema } from "effect"
import { appended, type MadeMesh, memberOf, offerOf, revocationOf } from "../made_mesh.ts"
import { flipBase64Url } from "../mutations.ts"
import { endCases, inviteCases, joinCases } from "./membership_cases.ts"
import {
  after,
  type Givens,
  makeGivens,
  type StatementCase,
  StatementInput
} from "./statement_givens.ts"
import { vectorSet } from "./vector_set.ts"

/** The fold. */
export const statementVectors = vectorSet({
  file: "statements",
  about:
    "Statements that follow a log of `given`: what the log then says, or why one of them is refused.",
  given: Schema.Record(Schema.String, Schema.Array(Statement)),
  input: StatementInput,
  answer: ({ append, log }, logs) =>
    Result.flatMap(
      foldStatements(logs[log] ?? []),
      (before) =>
        Result.map(foldStatements(append, before), (after) =>
          after === undefined ? null : saying(after))
    ),
  cases: () => {
    const made = makeGivens()
    return {
      given: {
        nothing: [],
        home: made.home.statements,
        offered: made.offered.mesh.statements,
        left: made.left.statements,
        open: made.open.statements
      },
      cases: [
        ...genesisCases(made),
        ...placeCases(made),
        ...inviteCases(made),
        ...joinCases(made),
        ...endCases(made)
      ]
    }
  }
})

/** What a log says, in the order of its statements. */
function saying(membership: Membership): Schema.Json {
  const { head, invites, mesh, name, policy, root } = membership
  return {
    mesh,
    name,
    root,
    policy,
    head: [head.seq, head.hash],
    members: liveMembers(membership).map(({ id, name, role }) => ({ id, name, role })),
    devices: liveDevices(membership).map(({ id, member, name }) => ({ id, member, name })),
    invites: [...HashMap.values(invites)]
      .map(({ id, maxUses, revoked, uses }) => ({ id, uses, max_uses: maxUses, revoked }))
      .toSorted((one, other) => one.id < other.id ? -1 : 1)
  }
}

function genesisCases({ home, offered }: Givens): ReadonlyArray<StatementCase> {
  const genesis = genesisOf(home)
  const { body, sig } = genesis
  const proof = flipBase64Url(body.member.proof, 5)
  const log = "nothing"
  return [
    ["a genesis", "ok", after(log, genesis)],
    ["a whole log", "ok", after(log, ...offered.mesh.statements)],
    ["a log without its genesis", "bad_statement", after(log, ...home.statements.slice(1))],
    [
      "a genesis with another name",
      "wrong_mesh",
      after(log, { ...genesis, body: { ...body, name: "other" } })
    ],
    [
      "a genesis with another policy",
      "wrong_mesh",
      after(log, { ...genesis, body: { ...body, policy: { invite: "member" } } })
    ],
    [
      "a genesis with a turned bit in its signature",
      "bad_signature",
      after(log, { ...genesis, sig: flipBase64Url(sig, 9) })
    ],
    [
      "a genesis whose founder did not agree",
      "bad_signature",
      after(log, refounded(home, { member: { ...body.member, proof } }))
    ],
    [
      "a genesis for another device than the founder agreed to",
      "bad_signature",
      after(log, refounded(home, { device: { ...body.device, name: "other" } }))
    ],
    [
      "a second genesis",
      "bad_statement",
      after("home", { ...genesis, seq: 4, prev: home.membership.head.hash })
    ]
  ]
}

function genesisOf({ statements }: MadeMesh) {
  const [genesis] = statements
  if (genesis?.kind !== "genesis") throw new Error("The made mesh has no genesis")
  return genesis
}

/** The genesis with another body, signed again by the same root. */
function refounded(
  home: MadeMesh,
  change: Partial<ReturnType<typeof genesisOf>["body"]>
): Statement {
  const { body, mesh: _, sig: __, ...rest } = genesisOf(home)
  const unsigned = { ...rest, body: { ...body, ...change } }
  return signStatement({ ...unsigned, mesh: meshOfGenesis(unsigned) }, home.root)
}

function placeCases({ home, offered, open }: Givens): ReadonlyArray<StatementCase> {
  const offer = offerOf(home, home.root)
  const log = "home"
  return [
    ["an invite", "ok", after(log, offer)],
    ["a statement of another mesh", "wrong_mesh", after(log, offerOf(open, home.root))],
    ["a statement twice", "head_moved", after(log, offer, offer)],
    ["a gap", "head_moved", after(log, { ...offer, seq: offer.seq + 1 })],
    [
      "another predecessor",
      "head_moved",
      after(log, { ...offer, prev: flipBase64Url(offer.prev, 0) })
    ],
    [
      "a fork",
      "head_moved",
      after("offered", offerOf({ ...offered.mesh, membership: home.membership }, home.root))
    ],
    [
      "a turned bit in the signature",
      "bad_signature",
      after(log, { ...offer, sig: flipBase64Url(offer.sig, 0) })
    ],
    [
      "the signature of another member",
      "bad_signature",
      after(log, { ...offer, by: memberOf(home, "bob").id })
    ],
    ["an author who left", "not_permitted", after("left", leftBy(home))]
  ]
}

/** What bob would say after it was revoked. */
function leftBy(home: MadeMesh): Statement {
  const left = appended(home, revocationOf(home, "ada", "bob"))
  return revocationOf(left, "bob", "bob")
}
