/**
 * Reads letters as a model may: the plain Latin letter that each of them looks like.
 *
 * Only for recognizing a word. What is shown stays as it was written.
 *
 * @module
 */

/** A plain letter, and letters of other alphabets that are drawn like it. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: "аαɑᴀ",
  b: "вʙƅ",
  c: "сϲᴄ",
  d: "ԁᴅɗ",
  e: "еεᴇєҽ",
  f: "ꜰғ",
  g: "ցɡɢ",
  h: "һʜн",
  i: "іιıɪӏ",
  j: "јᴊ",
  k: "кκᴋ",
  l: "ʟⅼǀ",
  m: "мμᴍ",
  n: "ոηɴп",
  o: "оοօᴏσøо",
  p: "рρᴘ",
  q: "ԛ",
  r: "гʀᴦ",
  s: "ѕꜱʂ",
  t: "тτᴛ",
  u: "սυᴜʋ",
  v: "νᴠѵ",
  w: "ԝωᴡ",
  x: "хχ",
  y: "уγʏү",
  z: "ᴢʐ"
}

/** Digits that stand for letters in a word. */
const DIGITS: Readonly<Record<string, string>> = {
  0: "o",
  1: "i",
  3: "e",
  4: "a",
  5: "s",
  7: "t"
}

const plainOf = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([plain, alike]) =>
    Array.from(alike, (letter) => [letter, plain] as const)
  )
)

/** The text in small plain letters, with one kind of dash. Two texts that look alike become one. */
export function plainLetters(text: string): string {
  const small = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
  return small.replace(/[^\0-\x7f]/gu, (character) => plainOf.get(character) ?? character)
    .replace(/[\p{Pd}\u2043\u2212\u02d7]/gu, "-")
}

/** The letters alone, whatever stands between them, and digits read as the letters they stand for. */
export function spelledOut(text: string): string {
  return plainLetters(text).replace(/[0-9]/g, (digit) => DIGITS[digit] ?? "").replace(/[^a-z]/g, "")
}

/** Whether a word mixes Latin letters with look-alikes or letters of another alphabet. */
export function mixesAlphabets(word: string): boolean {
  const letters = word.normalize("NFKD")
  return /\p{Script=Latin}/u.test(letters) && /(?!\p{Script=Latin})\p{L}/u.test(letters)
}
