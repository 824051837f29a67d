import { MeshId } from "@claudemesh/protocol"
import { signKeyPair, toBase64Url } from "@claudemesh/protocol/crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Redacted } from "effect"
import { daemonStatus, idOf } from "../testing/samples.ts"
import { keys, keysFinding } from "./keys_check.ts"
import { machine, running, temporary } from "./testing/fake_machine.ts"

const MESH = MeshId.make(idOf("m", "a"))
const PATH = `/h/keys/${MESH}.json`

function publicOf(seed: Uint8Array): string {
  return toBase64Url(signKeyPair(Redacted.make(seed)).publicKey)
}

/** What a key file holds of seeds that are all one byte. */
function fileOf(mesh: string, publicByte = 7): string {
  const seed = toBase64Url(new Uint8Array(32).fill(7))
  const key = publicOf(new Uint8Array(32).fill(publicByte))
  return JSON.stringify({
    v: 1,
    mesh,
    mesh_name: "home",
    seeds: { member: seed, device: seed, sealing: seed },
    public: { member: key, device: key }
  })
}

describe("keys", () => {
  it.effect("is well where each mesh has keys that the daemon uses, and warns where it does not", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* temporary
      yield* fs.makeDirectory(`${home}/keys`)
      yield* fs.writeFileString(`${home}/keys/${MESH}.json`, fileOf(MESH))
      const unused = running({}, { ...daemonStatus, meshes: [] })
      const [used] = yield* Effect.provide(keys, machine({ home }))
      const [left] = yield* Effect.provide(keys, machine({ home, daemon: unused }))

      assert.deepStrictEqual([used?.status, left?.status], ["ok", "warning"])
      assert.strictEqual(left?.fix?.cmd, "claudemesh daemon stop")
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.effect("is skipped where there are none", () =>
    Effect.gen(function*() {
      const [finding] = yield* Effect.provide(keys, machine())
      assert.strictEqual(finding?.status, "skipped")
    }))
})

describe("keysFinding", () => {
  it("fails on what is truncated, of another mesh, or does not fit, and quotes nothing of it", () => {
    const seed = toBase64Url(new Uint8Array(32).fill(7))
    const texts = [fileOf(MESH).slice(0, 90), fileOf(idOf("m", "b")), fileOf(MESH, 8)]

    for (const text of texts) {
      const finding = keysFinding(PATH, MESH, text)
      assert.strictEqual(finding.status, "failed")
      assert.notInclude(JSON.stringify(finding), seed)
    }
  })
})
