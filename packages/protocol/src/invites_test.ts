import { makeMesh, seededBytes } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import { toBase64Url } from "./crypto/mod.ts"
import { formatInviteLink, INVITE_SECRET_BYTES, inviteKeyPair, parseInviteLink } from "./invites.ts"
import { inviteIdOf } from "./key_ids.ts"

const { mesh } = makeMesh("invites", ["ada"]).membership
const bytes = seededBytes("invites")
const secret = Redacted.make(bytes(INVITE_SECRET_BYTES))
const other = Redacted.make(bytes(INVITE_SECRET_BYTES))
const origin = "https://mesh.acme.dev"
const link = formatInviteLink({ origin, mesh, secret })
const [address = "", fragment = ""] = link.split("#")

describe("inviteKeyPair", () => {
  it("gives the same key for the same secret, and another for another", () => {
    const key = toBase64Url(inviteKeyPair(secret).publicKey)

    assert.strictEqual(toBase64Url(inviteKeyPair(secret).publicKey), key)
    assert.notStrictEqual(toBase64Url(inviteKeyPair(other).publicKey), key)
  })
})

describe("formatInviteLink", () => {
  it("keeps the secret and the mesh behind #, where no server sees them", () => {
    const id = inviteIdOf(toBase64Url(inviteKeyPair(secret).publicKey))

    assert.strictEqual(address, `${origin}/i/${id}`)
    assert.strictEqual(fragment, `${toBase64Url(Redacted.value(secret))}.${mesh}`)
  })
})

describe("parseInviteLink", () => {
  it("reads what was formatted", () => {
    const read = Result.getOrThrow(parseInviteLink(link))

    assert.strictEqual(read.origin, origin)
    assert.strictEqual(read.mesh, mesh)
    assert.deepStrictEqual(Redacted.value(read.secret), Redacted.value(secret))
    assert.strictEqual(formatInviteLink(read), link)
  })

  it.each([
    ["white space around it", `  ${link}\n`],
    ["a query that a mail program added", link.replace("#", "?utm_source=x#")],
    ["a user name in it", link.replace("https://", "https://eve:pw@")]
  ])("reads a link with %s", (_, text) => {
    const read = Result.getOrThrow(parseInviteLink(text))

    assert.strictEqual(formatInviteLink(read), link)
  })

  it("reads a link to a port of this machine", () => {
    const local = link.replace(origin, "http://127.0.0.1:7777")

    assert.strictEqual(Result.getOrThrow(parseInviteLink(local)).origin, "http://127.0.0.1:7777")
  })

  it.each([
    ["nothing", ""],
    ["words", "join us"],
    ["another scheme", link.replace("https:", "javascript:")],
    ["a file", link.replace("https:", "file:")],
    ["no fragment", address],
    ["an empty fragment", `${address}#`],
    ["no mesh", `${address}#${fragment.split(".")[0]}`],
    ["a cut secret", `${address}#${fragment.slice(1)}`],
    ["a cut mesh", link.slice(0, -1)],
    ["another path", link.replace("/i/", "/j/")],
    ["a longer path", link.replace("#", "/x#")],
    ["no id", `${origin}/i/#${fragment}`],
    ["a secret in its second form", link.replace(/.(?=\.m_)/, flipLastBit)],
    ["the secret of another invite", `${address}#${toBase64Url(Redacted.value(other))}.${mesh}`]
  ])("refuses %s, and does not repeat it", (_, text) => {
    const read = parseInviteLink(text)

    if (Result.isSuccess(read)) return assert.fail("it was read")
    assert.strictEqual(read.failure.code, "invite_malformed")
    assert.notInclude(JSON.stringify(read.failure), fragment.slice(1, 20))
  })

  it("shows no secret when it is printed", () => {
    const read = Result.getOrThrow(parseInviteLink(link))

    assert.notInclude(JSON.stringify(read), toBase64Url(Redacted.value(secret)))
  })
})

function flipLastBit(character: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  return alphabet[alphabet.indexOf(character) ^ 1] ?? ""
}
