/**
 * What the model does at one request: it says something, it calls tools, or both.
 *
 * @module
 */

/** A part of a turn. */
export type TurnBlock =
  | { readonly say: string }
  | { readonly call: string; readonly input: Readonly<Record<string, unknown>> }

/** Everything the model answers to one request; `[...say("First"), ...call("Read", {…})]` joins two. */
export type Turn = ReadonlyArray<TurnBlock>

/** The model says this; alone, it ends the turn of the agent. */
export function say(text: string): Turn {
  return [{ say: text }]
}

/** The model calls a tool, and is asked again with what came of it. */
export function call(tool: string, input: Readonly<Record<string, unknown>>): Turn {
  return [{ call: tool, input }]
}
