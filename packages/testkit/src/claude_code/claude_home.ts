/**
 * A home directory for a client that has been asked all its first questions, and a project in which it may work.
 *
 * The client's sockets and notes are in it as well, so that nothing is left of
 * a session when the scope closes, and no session sees another test's.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- the client reads it from a real disk
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- as above
import { dirname, join } from "node:path"

/** How the client may work. */
export interface ClaudeHomeOptions {
  /** What it does with what it was not allowed; `acceptEdits` if not said. */
  readonly permissionMode?: string
  /** What it may do unasked; `Bash` if not said. */
  readonly allow?: ReadonlyArray<string>
  /** More of `settings.json`. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/** The directories of one client. */
export interface ClaudeHome {
  /** Its `HOME`. */
  readonly home: string
  /** Its working directory, which it trusts. */
  readonly project: string
  /** Where it puts sockets and notes. */
  readonly temporary: string
  /** Writes a file below the home, with the directories above it; answers with its path. */
  readonly write: (path: string, text: string) => Effect.Effect<string>
}

/** Nobody's key. */
const API_KEY = "sk-ant-scripted-0123456789-abcdefghijklmnop"

/** Makes one; it goes with the scope. */
export const makeClaudeHome = Effect.fnUntraced(function*(
  options: ClaudeHomeOptions = {}
): Effect.fn.Return<ClaudeHome, never, Scope.Scope> {
  const root = yield* Effect.acquireRelease(
    // Short, because the path of a socket below it may have 103 bytes.
    Effect.sync(() => realpathSync(mkdtempSync(join(tmpdir(), "claude-")))),
    (root) => Effect.sync(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }))
  )
  const home = join(root, "home")
  const project = join(root, "project")
  const temporary = join(root, "tmp")
  yield* Effect.sync(() => {
    for (const directory of [project, temporary]) mkdirSync(directory, { mode: 0o700 })
    writeBelow(home, ".claude.json", answersFor(project))
    writeBelow(home, ".claude/settings.json", settingsOf(options))
  })
  return {
    home,
    project,
    temporary,
    write: (path, text) => Effect.sync(() => writeBelow(home, path, text))
  }
})

/** The whole environment of a client: nothing of the caller's, no telemetry, and the API in the place of the model. */
export function claudeEnvironment(
  { home, temporary }: ClaudeHome,
  apiUrl: string
): Readonly<Record<string, string>> {
  return {
    HOME: home,
    TMPDIR: temporary,
    // With this Node first, for hooks and MCP servers.
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    SHELL: "/bin/bash",
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    USER: "tester",
    ANTHROPIC_BASE_URL: apiUrl,
    ANTHROPIC_API_KEY: API_KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: "1",
    DISABLE_AUTOUPDATER: "1",
    DISABLE_ERROR_REPORTING: "1",
    DISABLE_TELEMETRY: "1"
  }
}

/** What the client would ask at its first start. */
function answersFor(project: string): string {
  return JSON.stringify({
    hasCompletedOnboarding: true,
    hasSeenAutoDefaultNudge: true,
    theme: "dark",
    // It keeps the end of a key only.
    customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
    projects: { [project]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } }
  })
}

function settingsOf(
  { allow = ["Bash"], permissionMode = "acceptEdits", settings }: ClaudeHomeOptions
) {
  return JSON.stringify({ permissions: { defaultMode: permissionMode, allow }, ...settings })
}

function writeBelow(root: string, path: string, text: string): string {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}
