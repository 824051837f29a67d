/**
 * Writes JSON in one way only, so that two machines hash and sign the same bytes.
 *
 * RFC 8785 (JCS): keys sorted by UTF-16 code unit, no white space, numbers and
 * strings as ECMAScript writes them. Its published vectors are the tests.
 *
 * @module
 */

/** What JCS can write; a key whose value is `undefined` is left out, as JSON does. */
export type CanonicalValue =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<CanonicalValue>
  | { readonly [key: string]: CanonicalValue | undefined }

/** The canonical text of a value. A number or string that JSON cannot carry is a defect. */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === "string") return canonicalString(value)
  if (typeof value === "number") return canonicalNumber(value)
  if (value === null || typeof value === "boolean") return String(value)
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`
  return canonicalObject(value)
}

function canonicalObject(object: { readonly [key: string]: CanonicalValue | undefined }): string {
  const members: Array<string> = []
  for (const key of Object.keys(object).toSorted()) {
    const value = object[key]
    if (value !== undefined) members.push(`${canonicalString(key)}:${canonicalJson(value)}`)
  }
  return `{${members.join(",")}}`
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) {
    throw new TypeError(`Cannot write ${JSON.stringify(text)} as JSON: a lone surrogate`)
  }
  return JSON.stringify(text)
}

function canonicalNumber(number: number): string {
  if (!Number.isFinite(number)) throw new TypeError(`Cannot write ${number} as JSON: not finite`)
  return JSON.stringify(number)
}

function isArray(value: CanonicalValue): value is ReadonlyArray<CanonicalValue> {
  return Array.isArray(value)
}
