/**
 * What an agent is given on its command line: ours first, unless the user says the same, then the user's.
 *
 * Nothing here ever lets an agent do more than its user allowed it.
 *
 * @module
 */

/** The conversation that is to go on, or to begin. */
export type Conversation =
  | { readonly type: "new"; readonly id: string }
  | { readonly type: "resumed"; readonly id: string }
  /** The newest of the directory. */
  | { readonly type: "continued" }

/** What an agent may be told of its session. */
export interface LaunchedSession {
  readonly conversation: Conversation
  readonly name?: string | undefined
  readonly systemPrompt?: string | undefined
  /** Where the plugin is, if the agent does not find it by itself. */
  readonly pluginFolder?: string | undefined
}

/** Words that go together, and the flags of the user's that say the same. */
export interface ArgumentGroup {
  readonly words: ReadonlyArray<string>
  readonly unless: ReadonlyArray<string>
}

/** Flags by which Claude Code is told which conversation it is. */
const CONVERSATION = [
  "--session-id",
  "--resume",
  "-r",
  "--continue",
  "-c",
  "--from-pr",
  "--teleport",
  "--cloud"
]

/** What Claude Code is given. */
export function claudeArguments(session: LaunchedSession): ReadonlyArray<ArgumentGroup> {
  const { name, pluginFolder, systemPrompt } = session
  return [
    { words: conversationWords(session.conversation), unless: CONVERSATION },
    { words: valued("--name", name), unless: ["--name", "-n"] },
    {
      words: valued("--append-system-prompt", systemPrompt),
      unless: ["--append-system-prompt"]
    },
    // It may be given several times.
    { words: valued("--plugin-dir", pluginFolder), unless: [] }
  ]
}

/** The whole command line after the program. */
export function joinedArguments(
  groups: ReadonlyArray<ArgumentGroup>,
  users: ReadonlyArray<string>
): ReadonlyArray<string> {
  const ours = groups.filter(({ unless }) => !unless.some((flag) => isGiven(flag, users)))
  return [...ours.flatMap(({ words }) => words), ...users]
}

function conversationWords(conversation: Conversation): ReadonlyArray<string> {
  switch (conversation.type) {
    case "new":
      return ["--session-id", conversation.id]
    case "resumed":
      return ["--resume", conversation.id]
    case "continued":
      return ["--continue"]
  }
}

function valued(flag: string, value: string | undefined): ReadonlyArray<string> {
  return value === undefined ? [] : [flag, value]
}

/** Whether a flag is among the words: `--name x`, `--name=x`, and of short ones `-nx` as well. */
function isGiven(flag: string, words: ReadonlyArray<string>): boolean {
  const end = words.indexOf("--")
  const head = end === -1 ? words : words.slice(0, end)
  return head.some((word) =>
    word === flag || word.startsWith(`${flag}=`) ||
    (!flag.startsWith("--") && !word.startsWith("--") && word.startsWith(flag))
  )
}
