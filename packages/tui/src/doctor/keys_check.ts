/**
 * Checks the keys of each mesh: that the file reads, is of that mesh, and that its seeds make its public keys.
 *
 * Nothing that is said quotes what a file holds.
 *
 * @module
 */
import { Bytes32, MeshId } from "@claudemesh/protocol"
import { fromBase64Url, signKeyPair, toBase64Url } from "@claudemesh/protocol/crypto"
import { Effect, FileSystem, Option, Redacted, Schema } from "effect"
import { word } from "../cli/shell_word.ts"
import { failed, type Finding, ok, skipped, warning } from "./finding.ts"
import { Machine } from "./machine.ts"

const Seed = Schema.RedactedFromValue(Bytes32)

const KeyFile = Schema.fromJsonString(Schema.Struct({
  mesh: MeshId,
  mesh_name: Schema.String,
  seeds: Schema.Struct({ member: Seed, device: Seed }),
  public: Schema.Struct({ member: Bytes32, device: Bytes32 })
}))

/** The keys of each mesh that took us in. */
export const keys = Effect.gen(function*() {
  const { daemon, home } = yield* Machine
  const fs = yield* FileSystem.FileSystem
  const names = yield* Effect.orElseSucceed(fs.readDirectory(`${home}/keys`), () => [])
  const meshes = names.map((name) => name.replace(/\.json$/, "")).filter(Schema.is(MeshId))
  if (meshes.length === 0) return [skipped("there are none: this machine is in no mesh yet")]
  const found = yield* daemon
  const known = found.is === "running" ? found.status.meshes.map(({ mesh }) => mesh) : undefined
  return yield* Effect.forEach(
    meshes,
    (mesh) =>
      Effect.map(lookAtKeys(`${home}/keys/${mesh}.json`, mesh), (finding) => ({
        ...unusedFinding(finding, known?.includes(mesh) ?? true),
        of: mesh
      }))
  )
})

const lookAtKeys = Effect.fnUntraced(function*(path: string, mesh: MeshId) {
  const fs = yield* FileSystem.FileSystem
  const info = yield* Effect.option(fs.lstat(path))
  if (Option.isSome(info) && info.value.type !== "File") return broken(path, "it is no file")
  const text = yield* Effect.option(fs.readFileString(path))
  return Option.match(text, {
    onNone: () =>
      failed(`"${path}" cannot be read`, {
        cmd: `chmod 600 ${word(path)}`,
        why: "it is yours alone"
      }),
    onSome: (text) => keysFinding(path, mesh, text)
  })
})

/** What there is to say of a key file that holds that. */
export function keysFinding(path: string, mesh: MeshId, text: string): Finding {
  const file = Option.getOrUndefined(Schema.decodeOption(KeyFile)(text))
  if (file === undefined) return broken(path, "it is truncated, or no key file")
  if (file.mesh !== mesh) return broken(path, "it is of another mesh")
  const fits = publicOf(file.seeds.member) === file.public.member &&
    publicOf(file.seeds.device) === file.public.device
  return fits
    ? ok(`the keys of "${file.mesh_name}" can be used`)
    : broken(path, "its seeds do not make its public keys")
}

/** A file that was mended is read by the next daemon. */
function unusedFinding(finding: Finding, isKnown: boolean): Finding {
  if (isKnown || finding.status !== "ok") return finding
  return warning(`${finding.says}, and the daemon does not use them`, {
    cmd: "claudemesh daemon stop",
    why: "the next one reads them again"
  })
}

function broken(path: string, reason: string): Finding {
  return failed(`"${path}" cannot be used: ${reason}`, {
    cmd: `mv ${word(path)} ${word(`${path}.aside`)}`,
    why: "then put it back from a backup, or join again with a new invite"
  })
}

function publicOf(seed: Redacted.Redacted): string {
  return toBase64Url(signKeyPair(Redacted.make(fromBase64Url(Redacted.value(seed)))).publicKey)
}
