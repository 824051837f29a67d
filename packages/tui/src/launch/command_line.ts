/**
 * The command line of a launch before the parser reads it.
 *
 * `claudemesh --resume ID` means `claudemesh launch --resume ID`. What stands after `--` is the agent's: the
 * parser would mix it with our own words, so that the mark is doubled and one of it reaches the verb.
 *
 * @module
 */

/** Flags that only a launch has, and that mean one on the command line of the bare command. */
const FIRST_FLAGS = new Set([
  "--resume",
  "--continue",
  "-c",
  "--name",
  "--join",
  "--groups",
  "--role",
  "--mode",
  "--caps",
  "--system-prompt"
])

/** Flags that other verbs have as well, and whether the next word is theirs. */
const PASSED_OVER: ReadonlyMap<string, boolean> = new Map([
  ["--mesh", true],
  ["-m", true],
  ["--log-level", true],
  ["--json", false],
  ["--quiet", false],
  ["-q", false],
  ["--yes", false],
  ["-y", false],
  ["--no-input", false],
  ["--dry-run", false]
])

/** The words as the parser is to read them; all but a launch as they are. */
export function launchWords(words: ReadonlyArray<string>): ReadonlyArray<string> {
  const named = isFlagFirst(words) ? ["launch", ...words] : words
  if (named[firstWord(named)] !== "launch") return named
  const end = named.indexOf("--")
  return end === -1 ? named : [...named.slice(0, end), "--", ...named.slice(end)]
}

/** What is ours of a launch's words, and what is the agent's. */
export function splitWords(words: ReadonlyArray<string>) {
  const end = words.indexOf("--")
  return end === -1
    ? { ours: words, agents: [] }
    : { ours: words.slice(0, end), agents: words.slice(end + 1) }
}

function isFlagFirst(words: ReadonlyArray<string>): boolean {
  return FIRST_FLAGS.has((words[firstWord(words)] ?? "").replace(/=.*$/s, ""))
}

/** Where the first word is that is neither such a flag nor its value. */
function firstWord(words: ReadonlyArray<string>): number {
  let at = 0
  for (;;) {
    const [flag = "", value] = (words[at] ?? "").split("=", 2)
    const takesNext = PASSED_OVER.get(flag)
    if (takesNext === undefined) return at
    at += takesNext && value === undefined ? 2 : 1
  }
}
