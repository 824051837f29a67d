import {
  appended,
  flipBase64Url,
  flipBit,
  foldOutcome,
  joinOf,
  MADE_AT,
  type MadeMesh,
  makeMember,
  makeMesh,
  memberOf,
  offerOf,
  outcomeOf,
  revocationOf,
  statementBy,
  withOffer
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { HashMap, Result, Schema } from "effect"
import { fromUtf8, toBase64Url, utf8 } from "./crypto/mod.ts"
import { parseUntrustedJson } from "./json_text.ts"
import { limits } from "./limits.ts"
import type { StatementContent } from "./make_statements.ts"
import { devicesOf, liveMembers, type Membership } from "./membership.ts"
import { foldStatement, foldStatements } from "./membership_fold.ts"
import { meshOfGenesis, signStatement, Statement, statementHash } from "./statements.ts"

const mesh = makeMesh("fold", ["ada", "bob", "cy"])
const eve = makeMember("eve", mesh.bytes)
const decode = Schema.decodeUnknownResult(Statement, { onExcessProperty: "error" })

describe("foldStatement, of a genesis", () => {
  const founded = makeMesh("genesis", ["ada"])
  const genesis = genesisOf(founded)

  it("founds a mesh with one admin and one device", () => {
    const { membership } = founded

    const [ada] = liveMembers(membership)
    assert.strictEqual(ada?.role, "admin")
    assert.lengthOf(devicesOf(membership, memberOf(founded, "ada").id), 1)
    assert.deepStrictEqual(membership.head, { seq: 1, hash: statementHash(genesis) })
  })

  it("refuses what comes before a genesis, and a second genesis", () => {
    const offer = offerOf(founded, founded.root)

    assert.strictEqual(outcomeOf(foldStatement(undefined, offer)), "bad_statement")
    const second = { ...genesis, seq: 2, prev: founded.membership.head.hash }
    assert.strictEqual(foldOutcome(founded, second), "bad_statement")
  })

  it.each([
    ["time", { at: MADE_AT + 1 }],
    ["name", { body: { ...genesis.body, name: "other" } }],
    ["policy", { body: { ...genesis.body, policy: { invite: "member" as const } } }],
    ["root", { body: { ...genesis.body, root: eve.record.key } }],
    ["device", { body: { ...genesis.body, device: eve.record } }],
    ["member", { body: { ...genesis.body, member: { ...genesis.body.member, name: "eve" } } }],
    ["mesh", { mesh: mesh.membership.mesh }]
  ])("refuses another %s under the same id", (_, change) => {
    assert.strictEqual(outcomeOf(foldStatement(undefined, { ...genesis, ...change })), "wrong_mesh")
  })

  it("refuses a number or a predecessor that is not the first", () => {
    const prev = genesis.sig.slice(0, 43)

    assert.strictEqual(outcomeOf(foldStatement(undefined, { ...genesis, seq: 2 })), "bad_statement")
    assert.strictEqual(outcomeOf(foldStatement(undefined, { ...genesis, prev })), "bad_statement")
  })

  it("refuses an author that it does not name", () => {
    const forged = founding(founded, { by: eve.id })

    assert.strictEqual(outcomeOf(foldStatement(undefined, forged)), "bad_statement")
  })

  it("refuses a signature that is not the root's", () => {
    const { sig: _, ...unsigned } = genesis
    const forged = signStatement(unsigned, memberOf(founded, "ada").key)

    assert.strictEqual(outcomeOf(foldStatement(undefined, forged)), "bad_signature")
  })

  it("refuses a founder who did not agree to this root, name and device", () => {
    const { body } = genesis
    const forged = [
      founding(founded, { body: { ...body, device: eve.record } }),
      founding(founded, { body: { ...body, name: "other" } }),
      founding(founded, {
        body: { ...body, member: { ...body.member, proof: flipBase64Url(body.member.proof, 3) } }
      })
    ]

    forged.forEach((statement) => {
      assert.strictEqual(outcomeOf(foldStatement(undefined, statement)), "bad_signature")
    })
  })
})

describe("foldStatement, of any statement", () => {
  const offer = offerOf(mesh, mesh.root)

  it("refuses another mesh", () => {
    const other = makeMesh("elsewhere", ["ada", "bob", "cy"])

    assert.strictEqual(
      foldOutcome(mesh, offerOf(other, mesh.root)),
      "wrong_mesh"
    )
  })

  it("refuses a gap, a repetition and another predecessor", () => {
    const { membership } = appended(mesh, offer)

    assert.strictEqual(outcomeOf(foldStatement(membership, offer)), "head_moved")
    const gap = { ...offer, seq: offer.seq + 1 }
    assert.strictEqual(foldOutcome(mesh, gap), "head_moved")
    const torn = { ...offer, prev: flipBase64Url(offer.prev, 0) }
    assert.strictEqual(foldOutcome(mesh, torn), "head_moved")
  })

  it("refuses a chain whose middle was replaced by another valid statement", () => {
    const two = appended(mesh, offer)
    const next = statementBy(two, "ada", { kind: "invite_revoke", body: { key: keyText(mesh) } })
    const fork = appended(mesh, offerOf(mesh, mesh.root, { max_uses: 2 }))

    assert.strictEqual(foldOutcome(two, next), "ok")
    assert.strictEqual(foldOutcome(fork, next), "head_moved")
  })

  it("refuses an author who is no member, and one who was revoked", () => {
    const stranger = { ...mesh, members: new Map([["eve", eve]]) }
    assert.strictEqual(
      by(stranger, "eve", { kind: "invite_revoke", body: { key: keyText(mesh) } }),
      "not_permitted"
    )

    const left = appended(mesh, revocationOf(mesh, "ada", "bob"))
    assert.strictEqual(
      by(left, "bob", { kind: "member_revoke", body: { member: eve.id } }),
      "not_permitted"
    )
  })

  it("refuses a signature of another member", () => {
    const forged = { ...offer, by: memberOf(mesh, "bob").id }

    assert.strictEqual(foldOutcome(mesh, forged), "bad_signature")
  })

  it("refuses what is too large", () => {
    const body = { member: memberOf(mesh, "bob").id, reason: "x".repeat(limits.statementBytesMax) }

    assert.strictEqual(by(mesh, "ada", { kind: "member_revoke", body }), "too_large")
  })
})

describe("foldStatements", () => {
  it("gives the same state in one go, in two, and from JSON", () => {
    const whole = Result.getOrThrow(foldStatements(mesh.statements))
    const half = Result.getOrThrow(foldStatements(mesh.statements.slice(0, 3)))
    const rest = Result.getOrThrow(foldStatements(mesh.statements.slice(3), half))
    const json = Result.getOrThrow(foldStatements(JSON.parse(JSON.stringify(mesh.statements))))

    const states = [whole, rest, json].map((state) => state && snapshot(state))
    assert.deepStrictEqual(states, Array.from({ length: 3 }, () => snapshot(mesh.membership)))
  })

  it("gives nothing for an empty log, and stops at the first refusal", () => {
    const [genesis, ...others] = mesh.statements

    assert.deepStrictEqual(foldStatements([]), Result.succeed(undefined))
    assert.strictEqual(outcomeOf(foldStatements(others)), "bad_statement")
    const swapped = [genesis, others[1], others[0]].filter((one) => one !== undefined)
    assert.strictEqual(outcomeOf(foldStatements(swapped)), "head_moved")
  })

  it("leaves the state as it was when it refuses", () => {
    const before = snapshot(mesh.membership)

    foldStatements([revocationOf(mesh, "bob", "cy")], mesh.membership)
    foldStatements(
      [revocationOf(mesh, "ada", "bob"), revocationOf(mesh, "ada", "bob")],
      mesh.membership
    )

    assert.strictEqual(snapshot(mesh.membership), before)
  })

  it("never folds a statement with a bit turned", () => {
    const offered = withOffer(mesh)
    const statements = [
      [mesh, offerOf(mesh, mesh.root), 1],
      [mesh, revocationOf(mesh, "ada", "bob"), 1],
      [offered.mesh, joinOf(offered, eve), 11]
    ] as const
    for (const [{ membership }, statement, step] of statements) {
      const bytes = utf8(JSON.stringify(statement))
      for (let bit = 0; bit < bytes.length * 8; bit += step) {
        const json = parseUntrustedJson(fromUtf8(flipBit(bytes, bit)) ?? "")
        const turned = Result.flatMap(json, (value) => decode(value))
        if (Result.isFailure(turned)) continue
        assert.notStrictEqual(
          outcomeOf(foldStatement(membership, turned.success)),
          "ok",
          `bit ${bit}`
        )
      }
    }
  })
})

/** What became of a statement of the mesh by one of its members. */
function by(given: MadeMesh, name: string, content: StatementContent): string {
  return foldOutcome(given, statementBy(given, name, content))
}

function keyText(given: MadeMesh): string {
  return toBase64Url(given.root.publicKey)
}

function genesisOf({ statements }: MadeMesh) {
  const [genesis] = statements
  if (genesis?.kind !== "genesis") throw new Error("The made mesh has no genesis")
  return genesis
}

/** A genesis that was changed, and signed again by the same root. */
function founding(given: MadeMesh, change: Partial<ReturnType<typeof genesisOf>>): Statement {
  const { mesh: _, sig: __, ...unsigned } = { ...genesisOf(given), ...change }
  return signStatement({ ...unsigned, mesh: meshOfGenesis(unsigned) }, given.root)
}

/** The state as text, to compare and to notice changes. */
function snapshot({ devices, hashes, invites, members, ...rest }: Membership): string {
  const maps = [devices, invites, members, hashes].map((map) =>
    [...HashMap.values<unknown, unknown>(map)].map((value) => JSON.stringify(value)).toSorted()
  )
  return JSON.stringify([rest, maps])
}
