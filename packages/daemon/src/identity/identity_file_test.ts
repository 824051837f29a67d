import { NodeFileSystem } from "@effect/platform-node"
import { MeshId } from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { seededBytes } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { chmodSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { temporaryDirectory } from "../testing/temporary_home.ts"
import { type Identity, identityOf } from "./identity.ts"
import { readIdentity, writeIdentity } from "./identity_file.ts"

describe("readIdentity", () => {
  it.effect("reads back what was written, secrets included", () =>
    Effect.gen(function*() {
      const path = yield* written

      const read = Option.getOrThrow(yield* readIdentity(path, mesh))

      assert.deepStrictEqual(shape(read), shape(ada))
      assert.deepStrictEqual(shape(read).secrets.length, 4)
      assert.strictEqual(statSync(path).mode & 0o777, 0o600)
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  for (const { name, says, spoil } of corruptStates()) {
    it.effect(`refuses a file ${name}, and quotes nothing of it`, () =>
      Effect.gen(function*() {
        const path = yield* written
        spoil(path)
        chmodSync(path, 0o600)

        const refusal = yield* Effect.flip(readIdentity(path, mesh))

        assert.strictEqual(refusal.code, "key_file_corrupt")
        assert.strictEqual(refusal.message, `Cannot use key file "${path}": ${says}`)
      }).pipe(Effect.provide(NodeFileSystem.layer)))
  }
})

const mesh = MeshId.make(`m_${"a".repeat(26)}`)
const otherMesh = MeshId.make(`m_${"b".repeat(26)}`)

const ada = makeIdentity()

const written = Effect.gen(function*() {
  const path = `${yield* temporaryDirectory}/a.json`
  yield* writeIdentity(path, ada)
  return path
})

/** Ways for a file of mode 0600 to hold something else than it should. */
function corruptStates() {
  const noIdentity = "it is truncated, or no identity file"
  return [
    {
      name: "that was cut off",
      spoil: (path: string) => truncateSync(path, 300),
      says: noIdentity
    },
    { name: "that is empty", spoil: (path: string) => truncateSync(path, 0), says: noIdentity },
    {
      name: "that is no text",
      spoil: (path: string) => writeFileSync(path, new Uint8Array(64).fill(255)),
      says: noIdentity
    },
    { name: "of a later version", spoil: edit("\"v\":1", "\"v\":2"), says: noIdentity },
    {
      name: "whose seed is too short",
      spoil: edit(/"device":"..../, "\"device\":\""),
      says: noIdentity
    },
    { name: "of another mesh", spoil: edit(mesh, otherMesh), says: `it is of mesh "${otherMesh}"` },
    {
      name: "whose seeds are not those of its public keys",
      spoil: edit(/"device":"..../, "\"device\":\"AAAA"),
      says: "its seeds do not make its public keys"
    },
    {
      name: "whose root key lost its seed",
      spoil: edit(/"root":"[^"]+",/, ""),
      says: "its seeds do not make its public keys"
    }
  ]
}

function edit(what: string | RegExp, by: string): (path: string) => void {
  return (path) => writeFileSync(path, readFileSync(path, "utf8").replace(what, by))
}

function makeIdentity(): Identity {
  const bytes = seededBytes("identity")
  const seeds = {
    root: Redacted.make(bytes(32)),
    member: Redacted.make(bytes(32)),
    device: Redacted.make(bytes(32)),
    sealing: Redacted.make(bytes(32))
  }
  const names = { meshName: "home", memberName: "ada", deviceName: "box" }
  return { ...identityOf({ ...names, broker: "http://127.0.0.1:4455", createdAt: 7 }, seeds), mesh }
}

/** An identity with its secrets laid open, to compare. */
function shape({ device, member, root, sealing, seeds, ...labels }: Identity) {
  const pairs = [root, member, device, sealing].flatMap((pair) => pair === undefined ? [] : [pair])
  return {
    ...labels,
    secrets: pairs.map(({ secretKey }) => toBase64Url(Redacted.value(secretKey))),
    seeds: [seeds.member, seeds.device, seeds.sealing].map(Redacted.value)
  }
}
