/**
 * A socket of this process, for its user alone. One that another process has put there since is left to it: the
 * client may start a push pipe anew before the one before has ended.
 *
 * @module
 */
/* oxlint-disable effecttsgo/async-function, effecttsgo/node-builtin-import -- the push pipe runs without Effect */
import { chmodSync, lstatSync, rmSync } from "node:fs"

/** Listens there, in the place of whoever did before; answers with what puts the socket away again. */
export async function listenPrivately(
  path: string,
  begin: () => Promise<unknown>
): Promise<() => void> {
  rmSync(path, { force: true })
  await begin()
  chmodSync(path, 0o600)
  const own = fileAt(path)
  return () => {
    if (own !== undefined && fileAt(path) === own) rmSync(path, { force: true })
  }
}

/** Which file it is. A number is used again once a file is gone, so that its time is looked at, too. */
function fileAt(path: string): string | undefined {
  const info = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return info && `${info.dev} ${info.ino} ${info.birthtimeNs}`
}
