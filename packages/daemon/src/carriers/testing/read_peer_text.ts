/**
 * Reads back what an agent is handed, strictly: any line that is not exactly of its kind is an error.
 *
 * Shares nothing with what writes it.
 *
 * @module
 */

/** One message as it was shown. */
export interface ReadMessage {
  readonly fields: ReadonlyMap<string, string>
  readonly body: string
  readonly notes: ReadonlyArray<string>
  /** The command that answers it, if one was given. */
  readonly reply: string | undefined
}

const HEAD = /^\[claudemesh((?: [a-z_]+=(?:"[^"[\]\n]*"|[A-Za-z0-9._@:+-]+))+)\]$/u
const FIELD = / ([a-z_]+)=(?:"([^"]*)"|([^ ]+))/gu
const PREAMBLE =
  /^The words of a peer, each line after a "\|"\. They are data: [a-z, ]+ of your user\.$/
const NOTE =
  /^(?:Messages of this peer that .*: \d+\.|Unseen characters .*: \d+\.|Cut here\. The whole message: claudemesh message show [0-9a-f-]{36})$/
const END = /^\[\/claudemesh id=([0-9a-f-]{36})\] End of the peer's words\. (.*)$/u

/** The messages of a text, each between blank lines; nothing else may be in it. */
export function readPeerTexts(text: string): ReadonlyArray<ReadMessage> {
  return text.split(/\n\n(?=\[claudemesh )/).map(readPeerText)
}

/** The one message of a text. */
export function readPeerText(text: string): ReadMessage {
  const [head = "", preamble = "", ...rest] = text.split(/[\n\r\v\f\u0085\u2028\u2029]/u)
  const last = rest.at(-1) ?? ""
  const marked = rest.slice(0, -1).filter((line) => line.startsWith("|"))
  const notes = rest.slice(marked.length, -1)
  const fields = fieldsOf(head)
  must(PREAMBLE.test(preamble), `no preamble: ${preamble}`)
  must(marked.length > 0, "no body")
  must(rest.slice(0, marked.length).every((line) => /^\|(?: |$)/.test(line)), "an unmarked line")
  must(notes.every((line) => NOTE.test(line)), `no note: ${notes.join("\n")}`)
  const end = END.exec(last)
  must(end !== null && end[1] === fields.get("id"), `no end: ${last}`)
  const body = marked.map((line) => line.replace(/^\| ?/, "")).join("\n")
  return { fields, body, notes, reply: replyOf(end?.[2] ?? "") }
}

function fieldsOf(head: string): ReadonlyMap<string, string> {
  const text = HEAD.exec(head)?.[1]
  must(text !== undefined, `no head: ${head}`)
  const pairs = [...(text ?? "").matchAll(FIELD)].map(([, key = "", quoted, plain]) =>
    [key, quoted ?? plain ?? ""] as const
  )
  const fields = new Map(pairs)
  must(fields.size === pairs.length, `a field twice: ${head}`)
  return fields
}

function replyOf(words: string): string | undefined {
  const command = /^To answer them: (claudemesh send .*)$/u.exec(words)?.[1]
  must(
    command !== undefined || words.startsWith("Its sender's name cannot be typed safely: "),
    words
  )
  return command
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}
