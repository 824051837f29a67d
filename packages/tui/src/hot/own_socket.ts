/**
 * Whether a socket is its user's own: what is read there reaches an agent, so that nobody else may have put it there.
 *
 * @module
 */

/** Permission bits that let others put a socket in place of ours. */
const WRITABLE_BY_OTHERS = 0o022

/** What is at a path; `foreign` is also a socket of ours in a directory where others could replace it. */
export type FoundSocket = "ours" | "foreign" | "none"

/** What is there now. */
export function socketAt(path: string): FoundSocket {
  const { lstatSync } = process.getBuiltinModule("node:fs")
  const once = { throwIfNoEntry: false } as const
  const around = lstatSync(path.slice(0, path.lastIndexOf("/")) || "/", once)
  const itself = lstatSync(path, once)
  if (around === undefined || itself === undefined) return "none"
  const isAlone = around.isDirectory() && (around.mode & WRITABLE_BY_OTHERS) === 0
  return isAlone && itself.isSocket() && isOwn(around) && isOwn(itself) ? "ours" : "foreign"
}

function isOwn({ uid }: { readonly uid: number }): boolean {
  const own = process.geteuid?.()
  return own === undefined || uid === own
}
