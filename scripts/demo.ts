/**
 * Tells a story with real processes, and leaves nothing behind: `npm run demo [-- STORY]`.
 *
 * @module
 */

/** Each is loaded when it is told: no other one is slower for it. */
const stories = {
  /** Two people, two machines. */
  conversation: async () => (await import("./demo/conversation.ts")).tellConversation(),
  /** Two sessions of Claude Code, two machines. */
  claude: async () => (await import("./demo/claude.ts")).tellClaude()
}

const [name = "conversation", ...more] = process.argv.slice(2)
// Whoever closes the terminal wants it to end, too.
process.on("SIGHUP", () => process.kill(process.pid, "SIGTERM"))
if (isStory(name) && more.length === 0) await stories[name]()
else complain([name, ...more].join(" "))

function isStory(name: string): name is keyof typeof stories {
  return Object.hasOwn(stories, name)
}

function complain(words: string): void {
  const names = Object.keys(stories).join(", ")
  console.error(`There is no story "${words}": npm run demo -- STORY tells one of ${names}`)
  process.exitCode = 2
}
