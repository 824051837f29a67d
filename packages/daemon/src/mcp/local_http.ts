/**
 * Talks to the daemon from a process that starts without Effect: one request, or one stream of events.
 *
 * `node:http` is asked for by name at run time: an `import` of it evaluates what it exports lazily, and so
 * loads a whole HTTP client that nobody here uses (20 ms of start, `terminal.md` §6).
 *
 * @module
 */
/* oxlint-disable effecttsgo/new-promise, effecttsgo/node-builtin-import -- the push pipe runs without Effect */
import type { ClientRequest, IncomingMessage } from "node:http"

/** Where the daemon listens, and for whom we speak. */
export interface LocalPlace {
  readonly socketPath: string
  /** The session's token; absent, the user speaks. */
  readonly token?: string | undefined
}

/** One request. */
export interface LocalRequest {
  readonly method: "GET" | "POST"
  readonly path: string
  readonly body?: unknown
  /** The caller's own name for it, which makes it repeatable. */
  readonly key?: string | undefined
  /** How long the answer may take; a stream has to begin by then. */
  readonly timeoutMillis: number
}

/** What was answered: the status, and the JSON that came with it. */
export interface LocalAnswer {
  readonly status: number
  readonly json: unknown
}

/** An answer is far smaller than that; a page of the inbox is the largest. */
const ANSWER_CHARACTERS_MAX = 32 * 1_024 * 1_024

/** Asks once. Rejects where nobody answers in time, whatever the reason. */
export function ask(place: LocalPlace, request: LocalRequest): Promise<LocalAnswer> {
  return new Promise((resolve, reject) => {
    open(place, request, (answer) => {
      let text = ""
      answer.setEncoding("utf8")
      answer.on("data", (chunk: string) => {
        text += chunk
        if (text.length > ANSWER_CHARACTERS_MAX) answer.destroy(new Error("the answer has no end"))
      })
      answer.on("end", () => {
        const json = parsed(text)
        if (json === undefined) reject(new Error("the daemon's answer is no JSON"))
        else resolve({ status: answer.statusCode ?? 0, json })
      })
      answer.on("error", reject)
    }).on("error", reject)
  })
}

/** What reads a stream of events. */
export interface StreamReader {
  readonly onEvent: (event: unknown) => void
  /** Once, when there will be no more: the daemon ended, refused or cannot be reached. */
  readonly onEnd: (status: number | undefined) => void
}

/** Reads server-sent events until somebody ends it; answers with what ends it. */
export function stream(place: LocalPlace, request: LocalRequest, reader: StreamReader): () => void {
  let isOver = false
  function end(status: number | undefined) {
    if (isOver) return
    isOver = true
    reader.onEnd(status)
  }
  const sent = open(place, request, (answer) => {
    if (answer.statusCode !== 200) {
      answer.resume()
      end(answer.statusCode)
      return
    }
    const parse = eventsOf(reader.onEvent)
    answer.setEncoding("utf8")
    answer.on("data", (chunk: string) => {
      if (!isOver) parse(chunk)
    })
    answer.on("close", () => end(200))
    answer.on("error", () => end(undefined))
  })
  sent.on("error", () => end(undefined))
  return () => {
    isOver = true
    sent.destroy()
  }
}

function open(
  { socketPath, token }: LocalPlace,
  { body, key, method, path, timeoutMillis }: LocalRequest,
  onAnswer: (answer: IncomingMessage) => void
): ClientRequest {
  const { request } = process.getBuiltinModule("node:http")
  const text = body === undefined ? undefined : JSON.stringify(body)
  let isStreaming = false
  const sent = request({
    socketPath,
    method,
    path,
    agent: false,
    timeout: timeoutMillis,
    headers: {
      host: "daemon",
      ...(text === undefined
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
      ...(key === undefined ? {} : { "idempotency-key": key }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` })
    }
  }, (answer) => {
    isStreaming = isStream(answer)
    onAnswer(answer)
  })
  // What a stream says once it has begun may take as long as it takes.
  sent.on("timeout", () => {
    if (!isStreaming) sent.destroy(new Error(`no answer within ${timeoutMillis} ms`))
  })
  sent.end(text)
  return sent
}

function isStream({ headers }: IncomingMessage): boolean {
  return headers["content-type"]?.startsWith("text/event-stream") === true
}

/** Takes a stream of events apart, wherever its chunks begin and end. */
export function eventsOf(onEvent: (event: unknown) => void): (chunk: string) => void {
  let rest = ""
  return (chunk) => {
    const parts = (rest + chunk).split("\n\n")
    rest = parts.pop() ?? ""
    for (const part of parts) {
      const data = part.split("\n").flatMap((line) =>
        line.startsWith("data:") ? [line.slice(5)] : []
      )
      const event = data.length === 0 ? undefined : parsed(data.join("\n"))
      if (event !== undefined) onEvent(event)
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
