/**
 * What the two agents of a story do, decided by what each of them is shown, as a model would.
 *
 * @module
 */
import {
  type ApiRequest,
  call,
  say,
  type Script,
  shownTexts,
  shows,
  textsWith,
  type Turn
} from "@claudemesh/testkit/claude_code"

/** What one asks and the other answers. */
export const QUESTION = "which port does the dev server use?"
export const ANSWER = "5173, as always"

/** What the one who asked tells its user then. */
export const SAID_AT_LAST = "The dev server uses port 5173"

/** Where the one who answers looks it up. */
const LOOKED_UP = { name: "vite.config.ts", text: "export default { server: { port: 5173 } }\n" }

/** An agent: its script, and the commands that it has run so far. */
export interface PlayedAgent {
  /** What is in its project, by name. */
  readonly files: Readonly<Record<string, string>>
  readonly script: Script
  readonly ran: ReadonlyArray<string>
}

/** Looks who is there, asks the first one, and tells its user the answer once it has come. */
export function makeAsking(): PlayedAgent {
  return makeAgent((request) => {
    if (isShown(request, ANSWER)) return SAID_AT_LAST
    const [peers, sent] = resultsIn(request)
    if (peers === undefined) return { runs: "claudemesh peers" }
    if (sent !== undefined) return "I have asked, and wait for the answer"
    return { runs: `claudemesh send ${peers.split(/\s/)[0]} '${QUESTION}'` }
  })
}

/** Looks up what is asked, and answers by the command that stands below the question. */
export function makeAnswering(): PlayedAgent {
  const agent = makeAgent((request) => {
    const command = replyCommandIn(request)
    if (command === undefined) return "I am ready"
    const [found, sent] = resultsIn(request)
    if (found === undefined) return { runs: `cat ${LOOKED_UP.name}` }
    if (sent !== undefined) return `I was asked for the port, and said: ${ANSWER}`
    return { runs: command.replace("\"…\"", `'${ANSWER}'`) }
  })
  return { ...agent, files: { [LOOKED_UP.name]: LOOKED_UP.text } }
}

/** Whether a request shows a peer's message of these words. */
export function isShown(request: ApiRequest, words: string): boolean {
  return shows(request, `| ${words}`)
}

/** The lines of a peer's message of these words, as the model has them before it. */
export function messageIn(request: ApiRequest, words: string): string {
  const text = textsWith(request, `| ${words}`)[0]?.text ?? ""
  return /\[claudemesh [\s\S]*?\n\[\/claudemesh [^\n]*/.exec(text)?.[0] ?? text
}

/** What the tools of an agent have answered. */
export function resultsIn(request: ApiRequest): ReadonlyArray<string> {
  return shownTexts(request).filter(({ as }) => as === "tool_result").map(({ text }) => text)
}

/** What an agent does next: it says something, or runs a command. */
type Doing = string | { readonly runs: string }

function makeAgent(next: (request: ApiRequest) => Doing): PlayedAgent {
  const ran: Array<string> = []
  function turnFor(request: ApiRequest): Turn {
    const doing = next(request)
    if (typeof doing === "string") return say(doing)
    ran.push(doing.runs)
    return call("Bash", { command: doing.runs, description: "As asked" })
  }
  return { files: {}, script: turnFor, ran }
}

function replyCommandIn(request: ApiRequest): string | undefined {
  if (!isShown(request, QUESTION)) return undefined
  return /claudemesh send .*--reply-to \S+ "…"/.exec(messageIn(request, QUESTION))?.[0]
}
