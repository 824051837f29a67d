/**
 * Words that may stand only in named files: stray clocks, stray chance, left-over marks, paths of one machine.
 *
 * @module
 */
import type { Findings, Source } from "./source.ts"

interface Word {
  readonly pattern: RegExp
  readonly why: string
  /** What is looked at: the code alone, with its strings, or with strings and comments. */
  readonly where: "code" | "uncommented" | "text"
  /** The files, or folders with a closing slash, that may hold it, each with the reason. */
  readonly allowed: Readonly<Record<string, string>>
}

const ANY_SCRIPT = { "scripts/": "a script is run by a person and is no part of the mesh" }
const REAL_FILES = {
  "packages/daemon/src/testing/eventually.ts": "it waits for real files under a test clock"
}
const HOT = { "packages/tui/src/hot/": "the hot verbs start without Effect" }
const PUSH_PIPE = {
  "packages/daemon/src/mcp/main.ts":
    "the push pipe runs without Effect; all else gets its clock from it"
}
const THE_RULES = { "scripts/tidy/": "the rules name what they forbid" }

/** The table. */
export const words: ReadonlyArray<Word> = [
  {
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bprocess\.hrtime\b|\bperformance\.now\b/,
    why: "time comes from Clock, or a run cannot be repeated",
    where: "code",
    allowed: { ...ANY_SCRIPT, ...REAL_FILES, ...PUSH_PIPE }
  },
  {
    pattern: /\bMath\.random\b|\bcrypto\.(random|getRandom)|\brandomUUID\b|\brandombytes_/,
    why: "chance comes from a service, or a run cannot be repeated",
    where: "code",
    allowed: { ...ANY_SCRIPT, ...PUSH_PIPE }
  },
  {
    pattern: /import \{[^}]*\brandom\w+[^}]*\} from "node:crypto"/,
    why: "chance comes from a service, or a run cannot be repeated",
    where: "uncommented",
    allowed: { ...ANY_SCRIPT, ...PUSH_PIPE }
  },
  {
    pattern: /\bset(Timeout|Interval|Immediate)\(/,
    why: "waiting is Effect.sleep or a Schedule, so that a scope ends it",
    where: "code",
    allowed: { ...ANY_SCRIPT, ...REAL_FILES, ...HOT, ...PUSH_PIPE }
  },
  {
    pattern: /\bprocess\.env\b/,
    why: "settings are read once, through Config",
    where: "code",
    allowed: {
      ...ANY_SCRIPT,
      ...PUSH_PIPE,
      "packages/tui/src/main.ts": "the hot verbs start without Effect",
      "packages/tui/src/launch/hand_over.ts": "an agent is given all that its launcher was"
    }
  },
  {
    pattern: /\bconsole\./,
    why: "what a person reads goes through tui/src/cli/output.ts, all else through the log",
    where: "code",
    allowed: { ...ANY_SCRIPT, "packages/tui/src/cli/output.ts": "it is the one way out" }
  },
  {
    pattern: /\b(it|test|describe|layer)(\.\w+)*\.(only|skip)\b/,
    why:
      "a test runs, or is deleted; where a machine lacks something, use skipIf with a clear line",
    where: "code",
    allowed: {}
  },
  {
    pattern: /\b(TODO|FIXME)\b/,
    why: "do it now, or write it into plans/",
    where: "text",
    allowed: THE_RULES
  },
  {
    pattern: /(?<![\w.}])\/(home|Users|root|work|tmp|mnt)\/\w/,
    why: "a path of one machine is wrong on the next",
    where: "text",
    allowed: THE_RULES
  }
]

/** Forbidden words outside the files that may hold them. Live tests may have real time and chance. */
export function strayWords(source: Source): Findings {
  return words.filter((word) => !mayHold(source.path, word)).flatMap(({ pattern, where, why }) => {
    const found = pattern.exec(source[where])?.[0]
    return found === undefined ? [] : [`${source.path}: has "${found}": ${why}`]
  })
}

function mayHold(path: string, { allowed, where }: Word): boolean {
  const live = where !== "text" && path.includes("_live_test.")
  return live || isNamed(path, Object.keys(allowed))
}

/** Whether a list of files and folders names a path. */
export function isNamed(path: string, names: ReadonlyArray<string>): boolean {
  return names.some((name) => name.endsWith("/") ? path.startsWith(name) : path === name)
}
