/**
 * Finds the session that a hot verb runs in, and its mesh, among what the daemon knows.
 *
 * After `/clear` the client calls the session by a new id, and its push pipe keeps the first one; it still
 * is the same process.
 *
 * @module
 */
import type { HotDaemon } from "./hot_daemon.ts"
import { listIn, type Members, textIn } from "./input.ts"

/** What a verb knows of where it runs. */
export interface Whereabouts {
  /** What the session may be called, the likeliest first. */
  readonly ids: ReadonlyArray<string>
  /** The process that started the verb. */
  readonly pid: number
  /** The mesh that was chosen for this shell, if one was. */
  readonly mesh: string
}

/** A session, where it is registered, and the mesh that it is in. */
export interface OwnPlace {
  readonly session: Members | undefined
  readonly mesh: Members
}

/** The place, or nothing in a home without a mesh. */
export async function findOwnPlace(
  daemon: HotDaemon,
  whereabouts: Whereabouts
): Promise<OwnPlace | undefined> {
  const [status, session] = await Promise.all([
    daemon.get("/v1/status"),
    findOwnSession(daemon, whereabouts)
  ])
  const meshes = listIn(status, "meshes")
  const mesh = session === undefined ? undefined : meshOf(meshes, textIn(session, "mesh"))
  const found = mesh ?? meshOf(meshes, whereabouts.mesh) ??
    meshes.find(({ current }) => current === true) ?? meshes[0]
  return found === undefined ? undefined : { session, mesh: found }
}

/** The session of that name, else the one of that process. */
export async function findOwnSession(
  daemon: HotDaemon,
  { ids, pid }: Whereabouts
): Promise<Members | undefined> {
  const sessions = listIn(await daemon.get("/v1/sessions"), "items")
  const named = ids.filter((id) => id !== "").flatMap((id) =>
    sessions.filter((session) => textIn(session, "id") === id)
  )
  return named[0] ?? sessions.find((session) => session["pid"] === pid)
}

/** A mesh by its name, or a prefix of its id that is long enough. */
function meshOf(meshes: ReadonlyArray<Members>, ref: string): Members | undefined {
  if (ref === "") return undefined
  return meshes.find((mesh) => textIn(mesh, "name") === ref) ??
    meshes.find((mesh) => ref.length >= 6 && textIn(mesh, "mesh").startsWith(ref))
}
