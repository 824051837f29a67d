import { flipBase64Url, makeMesh, offerOf, statementBy } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { canonicalJson, hashObject, toBase64Url } from "./crypto/mod.ts"
import { limits } from "./limits.ts"
import {
  inviteClaimInput,
  memberProofInput,
  meshOfGenesis,
  signStatement,
  Statement,
  statementBytes,
  statementHash,
  verifyStatement
} from "./statements.ts"

const mesh = makeMesh("statements", ["ada", "bob"])
const [genesis, offer, join] = mesh.statements
const rootKey = toBase64Url(mesh.root.publicKey)
const decode = Schema.decodeUnknownResult(Statement, { onExcessProperty: "error" })

describe("Statement", () => {
  it("comes back from JSON as it was, with the same hash", () => {
    for (const statement of mesh.statements) {
      const again = Result.getOrThrow(decode(JSON.parse(JSON.stringify(statement))))
      assert.deepStrictEqual(again, statement)
      assert.strictEqual(statementHash(again), statementHash(statement))
    }
  })

  it.each([
    ["of a later version", { v: 2 }],
    ["of an unknown kind", { kind: "coup" }],
    ["with the body of another kind", { kind: "member_revoke" }],
    ["with a field more", { extra: 1 }],
    ["with a negative number", { seq: -1 }],
    ["with a number that is not whole", { seq: 1.5 }],
    ["with a time beyond the calendar", { at: 2 ** 53 - 1 }],
    ["with a signature that is too short", { sig: "AA" }]
  ])("is refused %s", (_, change) => {
    assert.isTrue(Result.isFailure(decode({ ...offer, ...change })))
  })

  it.each(["v", "mesh", "seq", "prev", "at", "by", "kind", "body", "sig"])(
    "is refused without %s",
    (field) => {
      const { [field]: _, ...rest } = { ...offer } as Record<string, unknown> // a test of wrong types
      assert.isTrue(Result.isFailure(decode(rest)))
    }
  )

  it("is refused with a reason that canonical JSON cannot write", () => {
    const bob = join?.by
    const statement = { ...offer, kind: "member_revoke", body: { member: bob, reason: "\ud800" } }

    assert.isTrue(Result.isFailure(decode(statement)))
    assert.isTrue(Result.isSuccess(decode({ ...statement, body: { member: bob, reason: "bye" } })))
  })

  it("is refused with a reason that is too long", () => {
    const reason = "x".repeat(limits.subjectCharactersMax + 1)
    const statement = { ...offer, kind: "member_revoke", body: { member: join?.by, reason } }

    assert.isTrue(Result.isFailure(decode(statement)))
  })
})

describe("statementHash", () => {
  it("covers the whole statement, signature included, under a domain of its own", () => {
    const statement = checked(offer)

    assert.strictEqual(statementHash(statement), toBase64Url(hashObject("cm1/log", statement)))
    assert.strictEqual(statementBytes(statement), canonicalJson(statement).length)
  })

  it("names the statement before in each statement of a log", () => {
    assert.strictEqual(offer?.prev, statementHash(checked(genesis)))
    assert.strictEqual(join?.prev, statementHash(checked(offer)))
  })
})

describe("verifyStatement", () => {
  const ada = toBase64Url(mesh.members.get("ada")?.key.publicKey ?? new Uint8Array())

  it("accepts the key that signed, and no other", () => {
    assert.isTrue(verifyStatement(checked(offer), ada))
    assert.isFalse(verifyStatement(checked(offer), rootKey))
    assert.isTrue(verifyStatement(checked(genesis), rootKey))
  })

  it("refuses a statement with any field changed", () => {
    const changes: ReadonlyArray<Partial<Statement>> = [
      { seq: 3 },
      { at: 1 },
      { prev: flipBase64Url(checked(offer).prev, 0) },
      { sig: flipBase64Url(checked(offer).sig, 100) }
    ]
    for (const change of changes) {
      const changed = Result.getOrThrow(decode({ ...offer, ...change }))
      assert.isFalse(verifyStatement(changed, ada))
    }
  })
})

describe("signStatement", () => {
  it("signs the same way each time", () => {
    const again = statementBy(mesh, "ada", { kind: "invite_revoke", body: { key: rootKey } })

    const { sig, ...unsigned } = again
    assert.strictEqual(signStatement(unsigned, checked(mesh.members.get("ada")).key).sig, sig)
  })
})

describe("meshOfGenesis", () => {
  it("commits to everything in the genesis but mesh and signature", () => {
    const statement = checked(genesis)
    if (statement.kind !== "genesis") return assert.fail("the first statement is no genesis")
    const { mesh: id, sig: _, ...unsigned } = statement
    assert.strictEqual(meshOfGenesis(unsigned), id)

    const { body } = unsigned
    const changed = [
      { ...unsigned, at: unsigned.at + 1 },
      { ...unsigned, body: { ...body, name: "other" } },
      { ...unsigned, body: { ...body, policy: { invite: "member" } as const } },
      { ...unsigned, body: { ...body, root: flipBase64Url(body.root, 9) } },
      { ...unsigned, body: { ...body, member: { ...body.member, name: "eve" } } },
      { ...unsigned, body: { ...body, device: { ...body.device, name: "eve-box" } } }
    ]
    assert.strictEqual(new Set([id, ...changed.map(meshOfGenesis)]).size, changed.length + 1)
  })
})

describe("what is signed beside a statement", () => {
  const device = checked(mesh.members.get("bob")).record

  it("names mesh, key, name and device in a claim of an invite, and nothing else", () => {
    const id = mesh.membership.mesh
    const more = { key: rootKey, name: "bob", device, invite: rootKey, invite_sig: "x" }

    assert.deepStrictEqual(inviteClaimInput(id, more), {
      mesh: id,
      key: rootKey,
      name: "bob",
      device
    })
  })

  it("names root, mesh name, member and device in the proof of a founder, and nothing else", () => {
    const more = { root: rootKey, name: "home", member: rootKey, device, policy: {} }

    assert.deepStrictEqual(memberProofInput(more), {
      root: rootKey,
      name: "home",
      member: rootKey,
      device
    })
  })

  it("differs for an offer of another mesh", () => {
    const other = makeMesh("other", ["ada"])

    assert.notStrictEqual(offerOf(other, mesh.root).sig, offerOf(mesh, mesh.root).sig)
  })
})

function checked<A>(value: A | undefined): A {
  if (value === undefined) throw new Error("The made mesh lacks it")
  return value
}
