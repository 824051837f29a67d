/**
 * Edits the text of a JSON object in one place, and leaves every other byte as it is.
 *
 * @module
 */
import { Option, Schema } from "effect"

/** A member of an object, by where its key and its value are in the text. */
interface Member {
  readonly key: string
  readonly start: number
  readonly valueStart: number
  readonly end: number
}

const readJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))
const readObject = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))
)

/** What a text says, if it is the text of one JSON object in which no name is twice. */
export function objectIn(text: string): Option.Option<Readonly<Record<string, unknown>>> {
  return Option.filter(readObject(text), () => {
    const keys = membersOf(text).map(({ key }) => key)
    return new Set(keys).size === keys.length
  })
}

/** The text of a member's value; nothing where there is no such member. */
export function valueIn(text: string, key: string): string | undefined {
  const member = memberOf(text, key)
  return member && text.slice(member.valueStart, member.end)
}

/** The text with that value for the member, added as the last one if it is new. */
export function withValue(text: string, key: string, value: string): string {
  const member = memberOf(text, key)
  if (member !== undefined) {
    return text.slice(0, member.valueStart) + value + text.slice(member.end)
  }
  const members = membersOf(text)
  const added = `${JSON.stringify(key)}: ${value}`
  const [first] = members
  const last = members.at(-1)
  const open = text.indexOf("{")
  if (first === undefined || last === undefined) {
    return `${text.slice(0, open)}{\n  ${added}\n}${text.slice(text.lastIndexOf("}") + 1)}`
  }
  const gap = text.slice(open + 1, first.start)
  return `${text.slice(0, last.end)},${gap}${added}${text.slice(last.end)}`
}

/** The text without the member. */
export function withoutMember(text: string, key: string): string {
  const members = membersOf(text)
  const at = members.findIndex((member) => member.key === key)
  const member = members[at]
  if (member === undefined) return text
  const previous = members[at - 1]
  if (previous !== undefined) return text.slice(0, previous.end) + text.slice(member.end)
  const next = members[at + 1]
  if (next !== undefined) return text.slice(0, member.start) + text.slice(next.start)
  return `${text.slice(0, text.indexOf("{"))}{}${text.slice(text.lastIndexOf("}") + 1)}`
}

function memberOf(text: string, key: string): Member | undefined {
  return membersOf(text).find((member) => member.key === key)
}

const STRING = /"(?:[^"\\]|\\.)*"/y
const SPACE = /[\s,:]*/y
const SCALAR = /[^\s,\]}]+/y
const INSIDE = /[^"{}[\]]+/y

/** How much deeper a character leads. */
const NESTING: Readonly<Record<string, number>> = { "{": 1, "[": 1, "}": -1, "]": -1 }

/** The members of the outermost object; expects text that was read as one. */
function membersOf(text: string): ReadonlyArray<Member> {
  const members: Array<Member> = []
  let start = endOf(SPACE, text, text.indexOf("{") + 1)
  while (text[start] === "\"") {
    const keyEnd = endOf(STRING, text, start)
    const valueStart = endOf(SPACE, text, keyEnd)
    const end = valueEnd(text, valueStart)
    const key = Option.getOrElse(readJson(text.slice(start, keyEnd)), () => "")
    members.push({ key: String(key), start, valueStart, end })
    start = endOf(SPACE, text, end)
  }
  return members
}

function valueEnd(text: string, start: number): number {
  if (text[start] === "\"") return endOf(STRING, text, start)
  if (text[start] !== "{" && text[start] !== "[") return endOf(SCALAR, text, start)
  let depth = 0
  let at = start
  do {
    depth += NESTING[text[at] ?? ""] ?? 0
    at = text[at] === "\"" ? endOf(STRING, text, at) : at + 1
    at = depth > 0 ? endOf(INSIDE, text, at) : at
  } while (depth > 0 && at < text.length)
  return at
}

/** Where what the pattern takes ends; the same place if it takes nothing. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
