/**
 * All the text that a request shows the model, and where it stands.
 *
 * @module
 */
import { type ApiRequest, type RequestContent, resultTexts } from "./api_request.ts"

/** How a text came before the model: as the system prompt, as a message, as a tool's answer, or wrapped by the client. */
export type ShownAs = "system_prompt" | "text" | "tool_result" | "system_reminder"

/** A text and its place. */
export interface ShownText {
  /** `system` for the prompt and for what the client says amid the conversation, else who speaks. */
  readonly role: string
  /** As in JavaScript: `messages[2].content[0]`. */
  readonly place: string
  readonly as: ShownAs
  readonly text: string
}

/** Everything it shows, in order. */
export function shownTexts({ body }: Pick<ApiRequest, "body">): ReadonlyArray<ShownText> {
  if (body === undefined) return []
  const prompt = textsIn(body.system ?? [], { role: "system", place: "system", isPrompt: true })
  const said = body.messages.flatMap(({ content, role }, index) =>
    textsIn(content, { role, place: `messages[${index}].content`, isPrompt: false })
  )
  return [...prompt, ...said]
}

/** Where it shows a text that has this in it. */
export function textsWith(
  request: Pick<ApiRequest, "body">,
  part: string
): ReadonlyArray<ShownText> {
  return shownTexts(request).filter(({ text }) => text.includes(part))
}

/** Whether it shows the model this. */
export function shows(request: Pick<ApiRequest, "body">, part: string): boolean {
  return textsWith(request, part).length > 0
}

interface Place extends Pick<ShownText, "role" | "place"> {
  readonly isPrompt: boolean
}

function textsIn(content: RequestContent, at: Place): ReadonlyArray<ShownText> {
  if (typeof content === "string") return [shownAt(at, kindOf(content, at), content)]
  return content.flatMap(({ content: answer, text, type }, index) => {
    const place = { ...at, place: `${at.place}[${index}]` }
    if (type === "tool_result") {
      return resultTexts(answer).map((text) => shownAt(place, "tool_result", text))
    }
    return text === undefined ? [] : [shownAt(place, kindOf(text, place), text)]
  })
}

function kindOf(text: string, { isPrompt }: Place): ShownAs {
  if (isPrompt) return "system_prompt"
  return text.trimStart().startsWith("<system-reminder>") ? "system_reminder" : "text"
}

function shownAt({ place, role }: Place, as: ShownAs, text: string): ShownText {
  return { role, place, as, text }
}
