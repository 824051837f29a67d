import {
  MADE_AT,
  makeMember,
  makeMesh,
  memberOf,
  seededBytes,
  withOffer
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { signKeyPair, toBase64Url } from "./crypto/mod.ts"
import { foundMesh, joinMesh, nextStatement } from "./make_statements.ts"
import { GENESIS_PREV, meshOfGenesis, statementHash, verifyStatement } from "./statements.ts"

const bytes = seededBytes("make statements")
const ada = makeMember("ada", bytes)
const root = signKeyPair(Redacted.make(bytes(32)))
const founding = {
  name: "home",
  policy: { invite: "admin" },
  root,
  member: { name: "ada", key: ada.key, device: ada.record },
  at: MADE_AT
} as const

describe("foundMesh", () => {
  it("makes the first statement, signed by the root key, by the first member", () => {
    const genesis = foundMesh(founding)

    assert.strictEqual(genesis.seq, 1)
    assert.strictEqual(genesis.prev, GENESIS_PREV)
    assert.strictEqual(genesis.by, ada.id)
    assert.isTrue(verifyStatement(genesis, toBase64Url(root.publicKey)))
  })

  it("names the mesh by what founds it", () => {
    const { mesh, sig: _, ...unsigned } = foundMesh(founding)

    if (unsigned.kind !== "genesis") return assert.fail("it is no genesis")
    assert.strictEqual(mesh, meshOfGenesis(unsigned))
    assert.notStrictEqual(mesh, foundMesh({ ...founding, at: MADE_AT + 1 }).mesh)
  })
})

describe("nextStatement", () => {
  it("follows the head and is signed by the member whose key it is", () => {
    const mesh = makeMesh("next", ["ada", "bob"])
    const { id, key } = memberOf(mesh, "bob")

    const body = { member: id, reason: "done" }
    const next = nextStatement(mesh.membership, { kind: "member_revoke", body }, { at: 5, key })

    assert.strictEqual(next.seq, mesh.membership.head.seq + 1)
    assert.strictEqual(next.prev, mesh.membership.head.hash)
    assert.strictEqual(next.by, id)
    assert.strictEqual(next.at, 5)
    assert.isTrue(verifyStatement(next, toBase64Url(key.publicKey)))
  })
})

describe("joinMesh", () => {
  it("is by the newcomer and names the invite", () => {
    const { invite, mesh } = withOffer(makeMesh("join", ["ada"]))
    const bob = makeMember("bob", bytes)

    const newcomer = { name: "bob", key: bob.key, device: bob.record }
    const join = joinMesh(mesh.membership, newcomer, { at: MADE_AT, invite })

    if (join.kind !== "member_add") return assert.fail("it adds nobody")
    assert.strictEqual(join.by, bob.id)
    assert.strictEqual(join.body.invite, toBase64Url(invite.publicKey))
    assert.strictEqual(join.prev, statementHash(mesh.statements[1] ?? join))
    assert.isTrue(verifyStatement(join, toBase64Url(bob.key.publicKey)))
  })
})
