/**
 * Who a server runs as that refuses to run as root.
 *
 * @module
 */
// oxlint-disable-next-line effecttsgo/node-builtin-import -- only the system knows its users by number
import { spawnSync } from "node:child_process"
import type { ProcessUser } from "./real_process.ts"

/** Tried in this order. */
const USERS = ["postgres", "nobody"]

/** Another user where this one is root; nothing where this one will do. */
export function serverUser(isRoot = process.getuid?.() === 0): ProcessUser | undefined {
  if (!isRoot) return undefined
  const user = USERS.map(numbersOf).find((found) => found !== undefined)
  if (user !== undefined) return user
  throw new Error(`A server does not run as root, and there is no user ${USERS.join(" or ")}`)
}

function numbersOf(name: string): ProcessUser | undefined {
  const [uid, gid] = [numberOf("-u", name), numberOf("-g", name)]
  return uid === undefined || gid === undefined ? undefined : { uid, gid }
}

function numberOf(flag: string, name: string): number | undefined {
  const { status, stdout } = spawnSync("id", [flag, name], { encoding: "utf8" })
  return status === 0 ? Number(stdout) : undefined
}
