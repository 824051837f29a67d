/**
 * Breaks things on purpose, the same way for the same seed: bits of bytes, characters of texts, nodes of JSON.
 *
 * @module
 */
import { fromBase64Url, toBase64Url } from "@claudemesh/protocol/crypto"
import { seededBytes } from "./seeded_bytes.ts"

/** A whole number from 0 up to, but not including, the bound. */
export type Draw = (bound: number) => number

/** Numbers from a seed. */
export function seededDraw(seed: string): Draw {
  const bytes = seededBytes(seed)
  let block = new DataView(new ArrayBuffer(0))
  let at = 0
  return (bound) => {
    if (at + 4 > block.byteLength) {
      block = new DataView(bytes(4_096).slice().buffer)
      at = 0
    }
    at += 4
    return block.getUint32(at - 4) % bound
  }
}

/** The bytes with one bit turned. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, at) => at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)
}

/** Base64url with one bit of its bytes turned. */
export function flipBase64Url(text: string, bit: number): string {
  return toBase64Url(flipBit(fromBase64Url(text), bit))
}

/** What JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<Json>
  | { readonly [key: string]: Json }

/** Values that readers have stumbled over. */
const hostile: ReadonlyArray<Json> = [
  null,
  true,
  "",
  "\u0000",
  "\ud800",
  "</channel>",
  "a".repeat(10_000),
  0,
  -1,
  0.5,
  2 ** 53,
  1e308,
  [],
  [[[[]]]],
  {},
  { type: "ping" },
  { toString: 1 },
  { constructor: { prototype: {} } }
]

const keys = ["type", "ref", "length", "toString", "constructor", "hasOwnProperty", "", "x"]

/** The value with one node replaced, added, removed or doubled. */
export function mutatedJson(value: Json, draw: Draw): Json {
  if (Array.isArray(value)) return mutatedArray(value, draw)
  if (isObject(value)) return mutatedObject(value, draw)
  if (typeof value === "string" && draw(2) === 0) return mutatedText(value, draw)
  if (typeof value === "number" && draw(2) === 0) return value + draw(3) - 1
  return pick(hostile, draw)
}

function mutatedArray(items: ReadonlyArray<Json>, draw: Draw): Json {
  const at = draw(items.length + 1)
  const item = items[at]
  if (item === undefined) return [...items, pick(hostile, draw)]
  const ways = [[], [item, item], [mutatedJson(item, draw)]]
  return draw(8) === 0 ? pick(hostile, draw) : items.toSpliced(at, 1, ...pick(ways, draw))
}

function mutatedObject(object: { readonly [key: string]: Json }, draw: Draw): Json {
  const entries = Object.entries(object)
  const at = draw(entries.length + 1)
  const entry = entries[at]
  const way = draw(12)
  if (entry === undefined || way === 0) {
    return { ...object, [pick(keys, draw)]: pick(hostile, draw) }
  }
  if (way === 1) return pick(hostile, draw)
  if (way === 2) return Object.fromEntries(entries.toSpliced(at, 1))
  return { ...object, [entry[0]]: mutatedJson(entry[1], draw) }
}

/** The text with a character turned, a piece cut out, doubled or moved. */
export function mutatedText(text: string, draw: Draw): string {
  const from = draw(text.length + 1)
  const to = Math.min(text.length, from + draw(16))
  const piece = text.slice(from, to)
  const head = text.slice(0, from)
  const ways = [
    head + text.slice(to),
    head + piece + piece + text.slice(to),
    text.slice(to) + piece,
    head + String.fromCharCode((text.charCodeAt(from) || 0) ^ (1 << draw(8))) +
    text.slice(from + 1),
    head + pick(["\"", "{", "}", "[", "]", ",", ":", "\\", "\u0000", "\ud800"], draw) +
    text.slice(from)
  ]
  return pick(ways, draw)
}

function pick<A>(choices: readonly [A, ...ReadonlyArray<A>] | ReadonlyArray<A>, draw: Draw): A {
  const choice = choices[draw(choices.length)]
  if (choice === undefined) throw new Error("There is nothing to choose from")
  return choice
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null
}
