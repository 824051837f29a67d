/**
 * A turn in the words of the Messages API: as one message, and as the events of a stream.
 *
 * @module
 */
import type { Turn, TurnBlock } from "./turn.ts"

/** What makes a turn an answer. */
export interface AnswerOptions {
  readonly turn: Turn
  readonly model: string
  /** Counts the answers of a server, so that no two messages and no two tool calls share an id. */
  readonly number: number
}

/** The whole message, for a client that did not ask for a stream. */
export function messageOf(options: AnswerOptions): Readonly<Record<string, unknown>> {
  const content = contentOf(options)
  return {
    ...emptyMessage(options),
    content,
    stop_reason: stopReasonOf(options.turn),
    usage: { input_tokens: 10, output_tokens: 10 }
  }
}

/** The message as server-sent events. */
export function streamOf(options: AnswerOptions): string {
  const blocks = contentOf(options).flatMap((block, index) => [
    { type: "content_block_start", index, content_block: beginningOf(block) },
    { type: "content_block_delta", index, delta: deltaOf(block) },
    { type: "content_block_stop", index }
  ])
  const delta = { stop_reason: stopReasonOf(options.turn), stop_sequence: null }
  return [
    { type: "message_start", message: emptyMessage(options) },
    ...blocks,
    { type: "message_delta", delta, usage: { output_tokens: 10 } },
    { type: "message_stop" }
  ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("")
}

type Content =
  | { readonly type: "text"; readonly text: string }
  | {
    readonly type: "tool_use"
    readonly id: string
    readonly name: string
    readonly input: Readonly<Record<string, unknown>>
  }

function contentOf({ number, turn }: AnswerOptions): ReadonlyArray<Content> {
  return turn.map((block, index) => contentBlock(block, `${number}_${index}`))
}

function contentBlock(block: TurnBlock, id: string): Content {
  if ("say" in block) return { type: "text", text: block.say }
  return { type: "tool_use", id: `toolu_scripted_${id}`, name: block.call, input: block.input }
}

function beginningOf(block: Content): Content {
  return block.type === "text" ? { ...block, text: "" } : { ...block, input: {} }
}

function deltaOf(block: Content) {
  return block.type === "text"
    ? { type: "text_delta", text: block.text }
    : { type: "input_json_delta", partial_json: JSON.stringify(block.input) }
}

function stopReasonOf(turn: Turn): "tool_use" | "end_turn" {
  return turn.some((block) => "call" in block) ? "tool_use" : "end_turn"
}

function emptyMessage({ model, number }: AnswerOptions) {
  return {
    id: `msg_scripted_${number}`,
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 1 }
  }
}
