/**
 * Keeps this machine's keys, one file a mesh, and hands out who it is in each.
 *
 * `keys/<mesh>.json` is an identity, `<mesh>.joining.json` one whose join was begun and not yet
 * answered, `<mesh>.prekeys.json` the prekeys. A file is never overwritten with other keys, and a
 * root key is never deleted: what is forgotten moves to `keys/left/`.
 *
 * One bad file takes no other mesh down: `saved` answers with the good ones and leaves a health note
 * of the bad, and whoever asks for that mesh itself gets the refusal.
 *
 * @module
 */
import { NodeFileSystem } from "@effect/platform-node"
import { MeshId } from "@claudemesh/protocol"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import {
  Array,
  Clock,
  Context,
  Effect,
  FileSystem,
  Layer,
  Option,
  Redacted,
  Schema,
  Semaphore
} from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { HealthNotes } from "../health.ts"
import { Home } from "../home.ts"
import { makeDirectories } from "../private_file.ts"
import {
  type Identity,
  type IdentityDraft,
  identityOf,
  type Labels,
  SEED_BYTES
} from "./identity.ts"
import { readIdentity, writeIdentity } from "./identity_file.ts"
import { ifPresent, orUnusable } from "./key_file.ts"
import { type OwnPrekey, ownPrekey, readPrekeys, writePrekeys } from "./prekey_file.ts"

/** Who to become: as in `Labels`, and whether the mesh is ours to found, with a root key. */
export interface NewIdentity extends Omit<Labels, "createdAt"> {
  readonly founder: boolean
}

/** Whether the mesh has taken us in, or we have only asked. */
export type IdentityStage = "joined" | "joining"

/** This machine's keys. */
export class KeyRing extends Context.Service<KeyRing, {
  /** Makes fresh keys, which are nowhere but in memory until they are saved. */
  readonly make: (options: NewIdentity) => Effect.Effect<IdentityDraft>
  /** Every mesh that took us in and whose key file can be used. */
  readonly saved: Effect.Effect<ReadonlyArray<Identity>, Refused>
  /** Why the other key files cannot be used. */
  readonly unusable: Effect.Effect<ReadonlyArray<Refused>, Refused>
  /** Who we are in a mesh that took us in. */
  readonly find: (mesh: MeshId) => Effect.Effect<Option.Option<Identity>, Refused>
  /** Who we are in a mesh that we have asked to join. */
  readonly joining: (mesh: MeshId) => Effect.Effect<Option.Option<Identity>, Refused>
  /** Writes keys to disk; refuses with `already_member` where this mesh has some of that stage. */
  readonly save: (
    mesh: MeshId,
    draft: IdentityDraft,
    stage: IdentityStage
  ) => Effect.Effect<Identity, Refused>
  /** The mesh took us in: what was `joining` is `joined`. */
  readonly finish: (mesh: MeshId) => Effect.Effect<void, Refused>
  /** Moves all key files of the mesh to `keys/left/`. */
  readonly forget: (mesh: MeshId) => Effect.Effect<void, Refused>
  /** The prekeys of this device in the mesh, the newest first. Reads the file each time. */
  readonly prekeys: (mesh: MeshId) => Effect.Effect<ReadonlyArray<OwnPrekey>, Refused>
  /** Makes a prekey; it is on disk when this returns. */
  readonly addPrekey: (mesh: MeshId, at: number) => Effect.Effect<OwnPrekey, Refused>
  /** Erases prekeys made before that time, except the newest; answers with how many. */
  readonly erasePrekeys: (mesh: MeshId, olderThan: number) => Effect.Effect<number, Refused>
}>()("@claudemesh/daemon/identity/key_ring/KeyRing") {
  static readonly layer: Layer.Layer<KeyRing, never, Home | HealthNotes | SecureRandom> = Layer
    .effect(
      KeyRing,
      Effect.suspend(() => makeKeyRing)
    ).pipe(Layer.provide(NodeFileSystem.layer))
}

const makeKeyRing = Effect.gen(function*() {
  const context = yield* Effect.context<FileSystem.FileSystem | HealthNotes | SecureRandom>()
  const oneAtATime = (yield* Semaphore.make(1)).withPermits(1)
  const files = keyFiles((yield* Home).keys)

  return KeyRing.of({
    make: (options) => Effect.provideContext(makeDraft(options), context),
    saved: Effect.provideContext(saved(files), context),
    unusable: Effect.provideContext(
      Effect.map(readAll(files), ({ refusals }) => refusals),
      context
    ),
    find: (mesh) => Effect.provideContext(readIdentity(files.joined(mesh), mesh), context),
    joining: (mesh) => Effect.provideContext(readIdentity(files.joining(mesh), mesh), context),
    save: (mesh, draft, stage) =>
      save(files[stage](mesh), { ...draft, mesh }).pipe(oneAtATime, Effect.provideContext(context)),
    finish: (mesh) => finish(files, mesh).pipe(oneAtATime, Effect.provideContext(context)),
    forget: (mesh) => forget(files, mesh).pipe(oneAtATime, Effect.provideContext(context)),
    prekeys: (mesh) => Effect.provideContext(readPrekeys(files.prekeys(mesh), mesh), context),
    addPrekey: (mesh, at) =>
      addPrekey(files.prekeys(mesh), mesh, at).pipe(oneAtATime, Effect.provideContext(context)),
    erasePrekeys: (mesh, olderThan) =>
      erasePrekeys(files.prekeys(mesh), mesh, olderThan).pipe(
        oneAtATime,
        Effect.provideContext(context)
      )
  })
})

/** Where the files of each mesh are. */
function keyFiles(directory: string) {
  return {
    directory,
    left: `${directory}/left`,
    joined: (mesh: MeshId) => `${directory}/${mesh}.json`,
    joining: (mesh: MeshId) => `${directory}/${mesh}.joining.json`,
    prekeys: (mesh: MeshId) => `${directory}/${mesh}.prekeys.json`
  }
}
type KeyFiles = ReturnType<typeof keyFiles>

const makeDraft = Effect.fn("KeyRing.make")(function*({ founder, ...names }: NewIdentity) {
  const createdAt = yield* Clock.currentTimeMillis
  const [member, device, sealing] = [yield* freshSeed, yield* freshSeed, yield* freshSeed]
  const root = founder ? { root: yield* freshSeed } : {}
  return identityOf({ ...names, createdAt }, { ...root, member, device, sealing })
})

const freshSeed = SecureRandom.use(({ randomBytes }) =>
  Effect.map(randomBytes(SEED_BYTES), (bytes) => Redacted.make(bytes))
)

const readAll = Effect.fnUntraced(function*(files: KeyFiles) {
  const fs = yield* FileSystem.FileSystem
  const names = yield* orUnusable(files.directory, fs.readDirectory(files.directory))
  const meshes = names.map((name) => name.replace(/\.json$/, "")).filter(Schema.is(MeshId))
    .toSorted()
  const read = yield* Effect.forEach(
    meshes,
    (mesh) => Effect.result(readIdentity(files.joined(mesh), mesh))
  )
  const [good, bad] = Array.partition(read, (result) => result)
  return { identities: Array.getSomes(good), refusals: bad }
})

const saved = Effect.fn("KeyRing.saved")(function*(files: KeyFiles) {
  const notes = yield* HealthNotes
  const { identities, refusals } = yield* readAll(files)
  yield* Effect.forEach(refusals, ({ message }) => notes.note(message), { discard: true })
  return identities
})

const save = Effect.fn("KeyRing.save")(function*(path: string, identity: Identity) {
  const fs = yield* FileSystem.FileSystem
  if (Option.isSome(yield* ifPresent(path, fs.lstat(path)))) {
    return yield* refused("already_member", `Cannot save new keys: there are some in "${path}"`)
  }
  yield* writeIdentity(path, identity)
  return identity
})

const finish = Effect.fn("KeyRing.finish")(function*(files: KeyFiles, mesh: MeshId) {
  const identity = yield* readIdentity(files.joining(mesh), mesh)
  if (Option.isNone(identity)) return yield* notFound(mesh)
  yield* save(files.joined(mesh), identity.value)
  const fs = yield* FileSystem.FileSystem
  yield* orUnusable(files.joining(mesh), fs.remove(files.joining(mesh)))
})

const forget = Effect.fn("KeyRing.forget")(function*(files: KeyFiles, mesh: MeshId) {
  const fs = yield* FileSystem.FileSystem
  const now = yield* Clock.currentTimeMillis
  yield* orUnusable(files.left, makeDirectories(files.left))
  // The identity goes last: until then the mesh is not forgotten, and forgetting it again works.
  for (const path of [files.prekeys(mesh), files.joining(mesh), files.joined(mesh)]) {
    const name = path.slice(files.directory.length + 1, -".json".length)
    yield* ifPresent(path, fs.rename(path, `${files.left}/${name}.${now}.json`))
  }
})

const addPrekey = Effect.fn("KeyRing.addPrekey")(function*(path: string, mesh: MeshId, at: number) {
  const prekey = ownPrekey(yield* freshSeed, at)
  yield* writePrekeys(path, mesh, [prekey, ...yield* readPrekeys(path, mesh)])
  return prekey
})

const erasePrekeys = Effect.fn("KeyRing.erasePrekeys")(
  function*(path: string, mesh: MeshId, olderThan: number) {
    const prekeys = yield* readPrekeys(path, mesh)
    const kept = prekeys.filter(({ at }, nth) => nth === 0 || at >= olderThan)
    if (kept.length < prekeys.length) yield* writePrekeys(path, mesh, kept)
    return prekeys.length - kept.length
  }
)

function notFound(mesh: MeshId): Effect.Effect<never, Refused> {
  return Effect.fail(refused("mesh_not_found", `There are no keys of mesh "${mesh}" here`))
}
