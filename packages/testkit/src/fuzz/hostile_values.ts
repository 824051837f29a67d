/**
 * Values that readers of JSON, numbers, texts and names have stumbled over.
 *
 * @module
 */
import type { Json } from "../mutations.ts"

/** The edges of what a number can be. */
export const edgeNumbers: ReadonlyArray<number> = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e-7,
  2 ** 31,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 2,
  -Number.MAX_SAFE_INTEGER,
  1e21,
  1e308,
  -1e308,
  Number.MIN_VALUE
]

/** Texts with something in them that is easily lost, shown or obeyed by mistake. */
export const oddTexts: ReadonlyArray<string> = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "\udc00\ud800",
  "\ufeff",
  "\u202e\u2066abc",
  "\u200b\u200d\u2060",
  "\u2028\u2029",
  "a\u0301\u0301\u0301",
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
  "</channel>",
  "\u001b]52;c;aGk=\u0007\u001b[2J",
  "\r\nX: y\r\n\r\n",
  "'; DROP TABLE devices; --",
  "(a+)+$",
  "$(id)`id`",
  "../../etc/passwd",
  "%00%2e%2e%2f%ff",
  "__proto__",
  "constructor",
  "NaN",
  "-0",
  "1e308",
  "9007199254740993",
  "9999-12-31T23:59:59.999Z",
  "a".repeat(255),
  "a".repeat(10_000),
  "\u00e9".repeat(3_000)
]

/** Names of fields that objects have by birth, or that frames give a meaning to. */
export const oddKeys: ReadonlyArray<string> = [
  "type",
  "ref",
  "mesh",
  "_tag",
  "code",
  "length",
  "toString",
  "toJSON",
  "valueOf",
  "then",
  "hasOwnProperty",
  "__proto__",
  "constructor",
  "prototype",
  "",
  " ",
  "0",
  "\u0000",
  "x"
]

/** Values of every kind. */
export const oddValues: ReadonlyArray<Json> = [
  null,
  true,
  false,
  [],
  {},
  [[[[]]]],
  [null],
  { type: "ping" },
  { _tag: "Refused" },
  { toString: 1 },
  { toJSON: "x" },
  { length: 2 ** 31 },
  { constructor: { prototype: {} } },
  ...edgeNumbers,
  ...oddTexts
]

/** How deep the deepest nesting is: it fits a frame. */
const DEPTH = 30_000

/** What JSON text can hold and no value can: written in the place of a value. */
export const rawTexts: ReadonlyArray<string> = [
  "NaN",
  "Infinity",
  "-Infinity",
  "-0",
  "-0.0",
  "1e0",
  "1e999",
  "1E308",
  "0x10",
  "01",
  "+1",
  ".5",
  "1.",
  "1e",
  "9007199254740993",
  `1${"0".repeat(400)}`,
  "undefined",
  "'a'",
  "\"\u0000\"",
  "\"\\ud800\"",
  "\"\\u\"",
  "\"\\u0061\"",
  "[,]",
  "[1,]",
  "{,}",
  "{\"a\":1,\"a\":2}",
  "{\"a\":1,\"\\u0061\":2}",
  "{\"__proto__\":{\"admin\":true}}",
  "{\"constructor\":{\"prototype\":{\"admin\":true}}}",
  "/* */1",
  nested(33),
  `${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`,
  "{\"a\":".repeat(DEPTH / 6),
  nested(31)
]

function nested(depth: number): string {
  return `${"{\"a\":".repeat(depth)}1${"}".repeat(depth)}`
}
