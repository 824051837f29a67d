/**
 * Reads JSON that came from somebody else: bounded depth, each key once, no `__proto__`.
 *
 * `JSON.parse` alone keeps the last of two equal keys and takes a nesting of a
 * million; two readers could then see different things in one text. One scan
 * before parsing refuses both.
 *
 * @module
 */
import { Result } from "effect"
import { type Refused, refused } from "./errors.ts"
import { limits } from "./limits.ts"

/** The value of a JSON text, or a `malformed` refusal. */
export function parseUntrustedJson(text: string): Result.Result<unknown, Refused> {
  const flaw = scan(text)
  if (flaw !== undefined) return malformed(flaw)
  try {
    return Result.succeed(JSON.parse(text))
  } catch {
    return malformed("it is not JSON")
  }
}

function malformed(why: string) {
  return Result.fail(refused("malformed", `Cannot read the text: ${why}`))
}

/** A container that is open: an object's keys so far, or nothing for an array. */
type Open = Set<string> | undefined

function scan(text: string): string | undefined {
  const open: Array<Open> = []
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "\"") nest(open, text[at])
    else {
      const end = endOfString(text, at)
      const flaw = isKey(text, end) ? keyFlaw(open.at(-1), text.slice(at, end + 1)) : undefined
      if (flaw !== undefined) return flaw
      at = end
    }
    if (open.length > limits.jsonDepthMax) return `it is nested deeper than ${limits.jsonDepthMax}`
  }
  return undefined
}

function nest(open: Array<Open>, character: string | undefined): void {
  if (character === "{") open.push(new Set())
  else if (character === "[") open.push(undefined)
  else if (character === "}" || character === "]") open.pop()
}

/** Where the string that opens at `start` closes. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf("\"", start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf("\"", end + 1)
  return end === -1 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text[at - 1 - backslashes] === "\\") backslashes++
  return backslashes % 2 === 1
}

function isKey(text: string, end: number): boolean {
  let at = end + 1
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++
  return text[at] === ":"
}

function keyFlaw(keys: Open, quoted: string): string | undefined {
  if (keys === undefined) return "it has a key outside an object"
  const key = quoted.includes("\\") ? unescaped(quoted) : quoted.slice(1, -1)
  if (key === undefined) return "it has a key that is no string"
  // Cut and escaped: the text may be long, or hold what a terminal obeys.
  const shown = JSON.stringify(key.slice(0, 32))
  if (key === "__proto__" || key === "constructor") return `it has the key ${shown}`
  if (keys.has(key)) return `it has the key ${shown} twice`
  keys.add(key)
  return undefined
}

function unescaped(quoted: string): string | undefined {
  try {
    return String(JSON.parse(quoted))
  } catch {
    return undefined
  }
}
