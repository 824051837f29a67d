/**
 * Reads what the client gives a hot verb on stdin: all of it, or as much as fits, in a time that is bounded.
 *
 * @module
 */
// oxlint-disable-next-line effecttsgo/node-builtin-import -- only its type
import type { Readable } from "node:stream"

/** More than that is no hook's and no status line's. */
export const INPUT_BYTES_MAX = 262_144

/** How long the client may take to say it. */
const INPUT_MILLIS_MAX = 500

/** What was read; what is not whole is not to be understood. */
export interface Input {
  readonly bytes: Uint8Array
  readonly isWhole: boolean
}

/** Reads to the end, to the limit, or as long as there is time. */
export function readInput(stream: Readable): Promise<Input> {
  return new Promise((resolve) => {
    const chunks: Array<Buffer> = []
    let length = 0
    const timer = setTimeout(() => end(false), INPUT_MILLIS_MAX)
    function end(isWhole: boolean) {
      clearTimeout(timer)
      stream.removeAllListeners("data").pause()
      resolve({ bytes: Buffer.concat(chunks), isWhole })
    }
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > INPUT_BYTES_MAX) end(false)
    })
    stream.on("end", () => end(length <= INPUT_BYTES_MAX))
    stream.on("error", () => end(false))
  })
}

/** The members of an object that was said as JSON; none where it is anything else. */
export function membersOf({ bytes, isWhole }: Input): Members {
  if (!isWhole) return {}
  try {
    return asMembers(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return {}
  }
}

/** What an object holds, of which nothing is known yet. */
export type Members = Readonly<Record<string, unknown>>

/** The members of a value; none where it is no object. */
export function asMembers(value: unknown): Members {
  return isMembers(value) ? value : {}
}

/** The text of that name; empty where there is none. */
export function textIn(members: Members, name: string): string {
  const value = members[name]
  return typeof value === "string" ? value : ""
}

/** The objects in the list of that name. */
export function listIn(members: Members, name: string): ReadonlyArray<Members> {
  const value = members[name]
  return Array.isArray(value) ? value.map(asMembers) : []
}

/** The count of that name; zero where there is none. */
export function countIn(members: Members, name: string): number {
  const value = members[name]
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
