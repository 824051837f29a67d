/**
 * Reads a session's transcript as it grows: the witness for what the model had before it.
 *
 * The client writes one JSON object a line, with a lag. A message is in the model's context once it stands
 * in the transcript ahead of a turn of the assistant: what the assistant says then, it says with the
 * message before it (`claude_code.md` §3, [obs]: the shape of a line is looked at as little as can be).
 *
 * @module
 */
/* oxlint-disable effecttsgo/async-function -- the push pipe runs without Effect */

/** Bytes read at once: a transcript may be hundreds of megabytes. */
const CHUNK_BYTES = 1_048_576

/** A longer line is passed over: no message of ours makes one. */
const LINE_BYTES_MAX = 16 * 1_048_576

const LINE_FEED = 0x0a

/** Part of a file; shorter than asked for at its end. */
export type ReadBytes = (from: number, length: number) => Promise<Uint8Array>

/** A file as it is now. */
export interface GrownFile {
  readonly size: number
  readonly readBytes: ReadBytes
}

/** What was seen since the last look, in order: texts of the conversation, and turns of the assistant. */
export type Seen = { readonly type: "text"; readonly text: string } | { readonly type: "assistant" }

/** Reads what is new each time it is asked. */
export class Transcript {
  #offset: number
  #rest = Buffer.alloc(0)
  #isTooLong = false

  /** What stands before `offset` is the past: a resumed session begins behind it. */
  constructor(offset: number) {
    this.#offset = offset
  }

  /** Goes on at another place: what stands before it is the past. */
  goTo(offset: number): void {
    this.#offset = offset
    this.#rest = Buffer.alloc(0)
    this.#isTooLong = false
  }

  /**
   * What was written since the last time; a line that is not whole yet is read the next time. A file that
   * has become shorter is another one, and is read from its beginning.
   */
  async read({ readBytes, size }: GrownFile): Promise<ReadonlyArray<Seen>> {
    if (size < this.#offset) this.goTo(0)
    const seen: Array<Seen> = []
    while (true) {
      // One part after the other: a second one begins where the first has ended.
      // oxlint-disable-next-line eslint/no-await-in-loop
      const chunk = await readBytes(this.#offset, CHUNK_BYTES)
      if (chunk.length === 0) return seen
      this.#offset += chunk.length
      seen.push(...this.#linesOf(chunk).flatMap(seenIn))
    }
  }

  /** The lines that end in a part; what follows them is kept. */
  #linesOf(chunk: Uint8Array): ReadonlyArray<string> {
    const bytes = Buffer.concat([this.#rest, chunk])
    const end = bytes.lastIndexOf(LINE_FEED) + 1
    const [first = "", ...others] = bytes.subarray(0, end).toString("utf8").split("\n")
    const lines = this.#isTooLong ? others : [first, ...others]
    const rest = bytes.subarray(end)
    this.#isTooLong = rest.length > LINE_BYTES_MAX || (this.#isTooLong && end === 0)
    this.#rest = this.#isTooLong ? Buffer.alloc(0) : Buffer.from(rest)
    return lines
  }
}

/** What the model reads: prompts and what stands beside them. Queues and requests that are noted, too, it does not. */
const READ: ReadonlySet<unknown> = new Set(["user", "attachment"])

function seenIn(line: string): ReadonlyArray<Seen> {
  const entry = parsedObject(line)
  // What a sub-agent reads and says is another conversation.
  if (entry === undefined || entry["isSidechain"] === true) return []
  if (entry["type"] === "assistant") return isSpoken(entry) ? [{ type: "assistant" }] : []
  return READ.has(entry["type"]) ? textsIn(entry).map((text) => ({ type: "text", text })) : []
}

/** The client writes its own words on a failed request in the assistant's name: no model has read anything then. */
function isSpoken({ isApiErrorMessage, message }: Readonly<Record<string, unknown>>): boolean {
  return isApiErrorMessage !== true && !(isObject(message) && message["model"] === "<synthetic>")
}

/** All texts of an entry, wherever they stand in it. */
function textsIn(value: unknown): ReadonlyArray<string> {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return isObject(value) ? Object.values(value).flatMap(textsIn) : []
}

function parsedObject(line: string): Readonly<Record<string, unknown>> | undefined {
  if (line === "") return undefined
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
}
