/**
 * One request of the client to the API, and which of its conversations it belongs to.
 *
 * @module
 */
import { Option, Schema } from "effect"

/** What a tool answered can be text, or blocks of which some hold text. */
const ResultContent = Schema.Union([
  Schema.String,
  Schema.Array(Schema.Struct({ type: Schema.String, text: Schema.optional(Schema.String) }))
])

const Block = Schema.Struct({
  type: Schema.String,
  text: Schema.optional(Schema.String),
  content: Schema.optional(Schema.Unknown)
})

const Content = Schema.Union([Schema.String, Schema.Array(Block)])

/** The part of a request for a message that says what the model is shown. */
const MessagesBody = Schema.Struct({
  model: Schema.String,
  stream: Schema.optional(Schema.Boolean),
  system: Schema.optional(Content),
  messages: Schema.Array(Schema.Struct({ role: Schema.String, content: Content })),
  tools: Schema.optional(Schema.Array(Schema.Struct({ name: Schema.optional(Schema.String) })))
})

/** The part of a request for a message that says what the model is shown. */
export type MessagesBody = typeof MessagesBody.Type

/** What stands in one place of a request. */
export type RequestContent = typeof Content.Type

/**
 * The main conversation; a sub-agent's; something the client asks on the side (a title, a summary, whether its key is
 * good), which it does without tools; or no request for a message at all.
 */
export type RequestKind = "main" | "subagent" | "side" | "other"

/** A request, as it came. */
export interface ApiRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The body to its last field, undefined where there is none that is JSON. */
  readonly json: unknown
  /** The body of a request for a message. */
  readonly body: MessagesBody | undefined
  readonly kind: RequestKind
  /** Its place among the requests of its kind, from 0. */
  readonly number: number
  /** The sub-agent that asks. */
  readonly agentId: string | undefined
  /** When it had arrived, in milliseconds since 1970. */
  readonly arrivedMillis: number
}

/** A request as HTTP had it. */
export type RawRequest = Pick<ApiRequest, "method" | "path" | "headers"> & { readonly text: string }

/** All of a request that it says itself. */
export type ReadRequest = Omit<ApiRequest, "number" | "arrivedMillis">

/** Reads a request. */
export function readRequest({ text, ...head }: RawRequest): ReadRequest {
  const json = Option.getOrUndefined(decodeJson(text))
  const isMessage = head.method === "POST" && head.path === "/v1/messages"
  const body = isMessage ? Option.getOrUndefined(decodeBody(json)) : undefined
  const agentId = head.headers["x-claude-code-agent-id"]
  return { ...head, json, body, agentId, kind: kindOf(body, agentId) }
}

/** The text of a tool's answer, block by block. */
export function resultTexts(content: unknown): ReadonlyArray<string> {
  const known = Option.getOrElse(decodeResult(content), () => [])
  if (typeof known === "string") return [known]
  return known.flatMap(({ text }) => text === undefined ? [] : [text])
}

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))
const decodeBody = Schema.decodeUnknownOption(MessagesBody)
const decodeResult = Schema.decodeUnknownOption(ResultContent)

/** A client's own mark in the first line of the system prompt, next to the header that newer ones send. */
const SUBAGENT_MARK = "cc_is_subagent=true"

function kindOf(body: MessagesBody | undefined, agentId: string | undefined): RequestKind {
  if (body === undefined) return "other"
  if (agentId !== undefined || textOf(body.system).includes(SUBAGENT_MARK)) return "subagent"
  return (body.tools ?? []).length === 0 ? "side" : "main"
}

function textOf(content: RequestContent | undefined): string {
  if (content === undefined || typeof content === "string") return content ?? ""
  return content.map(({ text }) => text ?? "").join("\n")
}
