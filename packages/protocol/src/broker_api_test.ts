import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { OpenApi } from "effect/http-api"
import { BrokerApi, JoinMesh, openInviteInput, PutStatements } from "./broker_api.ts"
import { sign, toBase64Url, verify } from "./crypto/mod.ts"
import { inviteIdOf } from "./key_ids.ts"

const mesh = makeMesh("broker api", ["ada", "bob"])

describe("BrokerApi", () => {
  it("has one path for each thing, in its OpenAPI document", () => {
    const { paths } = OpenApi.fromApi(BrokerApi)

    assert.sameMembers(Object.keys(paths), [
      "/livez",
      "/readyz",
      "/version",
      "/v1/meshes",
      "/v1/invites/{invite}/open",
      "/v1/invites/{invite}/join"
    ])
  })
})

describe("PutStatements and JoinMesh", () => {
  it("take statements as they are in the log", () => {
    const { statements } = mesh
    const put = Schema.decodeResult(PutStatements)({ statements })
    const join = Schema.decodeUnknownResult(JoinMesh)({ statement: statements.at(-1) })

    assert.deepStrictEqual(put, Result.succeed({ statements }))
    assert.isTrue(Result.isSuccess(join))
  })

  it("refuse an empty log and a page that is too long", () => {
    const { statements } = mesh
    const many = Array.from({ length: 65 }, () => statements[0])

    assert.isFalse(Schema.is(PutStatements)({ statements: [] }))
    assert.isFalse(Schema.is(PutStatements)({ statements: many }))
  })
})

describe("openInviteInput", () => {
  it("binds the reader's signature to one invite, one broker and one page", () => {
    const id = inviteIdOf(toBase64Url(mesh.root.publicKey))
    const input = openInviteInput(id, "https://mesh.acme.dev", 0)
    const signature = sign("cm1/invite-open", input, mesh.root)

    const { publicKey } = mesh.root
    const domain = "cm1/invite-open"
    assert.isTrue(verify({ domain, object: input, signature, publicKey }))
    const others = [
      openInviteInput(inviteIdOf(toBase64Url(mesh.bytes(32))), "https://mesh.acme.dev", 0),
      openInviteInput(id, "https://mesh.evil.dev", 0),
      openInviteInput(id, "https://mesh.acme.dev", 1)
    ]
    assert.isFalse(others.some((object) => verify({ domain, object, signature, publicKey })))
  })
})
