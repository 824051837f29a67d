/**
 * The one way out: what a verb reports goes to stdout, what went wrong to stderr, or all of it to stdout as
 * one JSON document.
 *
 * @module
 */
import { Clock, Config, Context, Effect, Option, Ref, Stdio, Stream } from "effect"
import { TerminalCapabilities } from "effect/cli"
import type { JsonRequest } from "./argv.ts"
import type { Failure } from "./failure.ts"
import { type Page, toned } from "./page.ts"
import { chosen, type JsonObject, type Report } from "./report.ts"
import { safeJson, safeLine } from "./terminal_text.ts"

/** The form of every document. Within 1.x it only grows. */
export const SCHEMA_VERSION = "1.0"

/** A command that makes sense next, and why. */
export interface NextStep {
  readonly cmd: string
  readonly why: string
}

/** A command that is longer has its reason below it. */
const COMMAND_CHARACTERS_BESIDE = 50

/** What is said beside a report. */
export interface Beside {
  readonly warnings?: ReadonlyArray<string>
  readonly next?: ReadonlyArray<NextStep>
  /** Says what is next in a pipe too: it is part of the answer. */
  readonly guides?: boolean
}

export class Output extends Context.Service<Output, {
  /** What the reader can see. */
  readonly page: Effect.Effect<Page>
  /** Whether one document is what is asked for. */
  readonly json: boolean
  /** Says what a verb found or did. */
  readonly print: <Value>(
    report: Report<Value>,
    value: Value,
    beside?: Beside
  ) => Effect.Effect<void>
  /** Whether what was reported so far has gone out, and that field of things in it: a document has what was chosen. */
  readonly said: (field: string) => Effect.Effect<boolean>
  /** Says what went wrong; `usage` is the line that says how it is used. */
  readonly fail: (failure: Failure, usage?: string) => Effect.Effect<void>
  /** Says something on the way to people, never to programs. */
  readonly note: (line: string) => Effect.Effect<void>
}>()("@claudemesh/tui/cli/output") {
  /** Decides once who reads: `json` as asked for, colour and columns by what stdout is. */
  static readonly make = Effect.fnUntraced(function*(request: JsonRequest | undefined) {
    const stdio = yield* Stdio.Stdio
    const surroundings = yield* lookAround
    const json = request ?? surroundings.json
    const page = Effect.map(Clock.currentTimeMillis, (now) => ({ ...surroundings.page, now }))

    const isOut = yield* Ref.make(true)

    // A reader that has gone is no reason to fail.
    function write(text: string) {
      return Stream.make(text).pipe(
        Stream.run(stdio.stdout({ endOnDone: false })),
        Effect.catch(() => Ref.set(isOut, false))
      )
    }

    function writeError(text: string) {
      return Stream.make(text).pipe(Stream.run(stdio.stderr({ endOnDone: false })), Effect.ignore)
    }

    function document(members: JsonObject) {
      return write(textOfDocument(members, surroundings.page.plain))
    }

    const print = Effect.fnUntraced(
      function*<Value>(report: Report<Value>, value: Value, beside: Beside = {}) {
        const { guides = false, next = [], warnings = [] } = beside
        if (json !== undefined) {
          const answer = yield* report.json(value)
          const asked = typeof json.fields === "string" ? answer : chosen(answer, json.fields)
          return yield* document({ kind: report.kind, ok: true, ...asked, warnings, next })
        }
        const paper = yield* page
        yield* Effect.forEach(warnings, (line) => writeError(labelled("warning", line)))
        const text = report.text(value, paper)
        const steps = surroundings.steps || guides ? textOfSteps(paper, next) : ""
        yield* write(
          [text, steps].filter((part) => part !== "").map((part) => `${part}\n`).join("")
        )
      }
    )

    const fail = Effect.fnUntraced(function*(failure: Failure, usage?: string) {
      if (json !== undefined) {
        return yield* document({ kind: "error", ok: false, error: failure })
      }
      yield* writeError(textOfFailure(failure, usage))
    })

    function note(line: string) {
      return json === undefined ? writeError(`${safeLine(line)}\n`) : Effect.void
    }

    function said(field: string) {
      const fields = json?.fields ?? "all"
      const isIn = typeof fields === "string" || fields.includes(field)
      return Effect.map(Ref.get(isOut), (out) => out && isIn)
    }

    return Output.of({ page, json: json !== undefined, print, said, fail, note })
  })
}

/** What stdin and stdout are, and what the environment asks for. */
const lookAround = Effect.gen(function*() {
  const { stdinIsTerminal, stdoutIsTerminal } = yield* Stdio.Stdio
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  const form = yield* asked("CLAUDEMESH_OUTPUT")
  const agent = yield* asked("CLAUDECODE")
  const terminal = yield* stdoutIsTerminal
  return {
    json: form === "json" ? { fields: "all" } as const : undefined,
    steps: terminal || agent !== "",
    page: {
      plain: !terminal,
      colour: canColor && agent === "",
      interactive: terminal && agent === "" && (yield* stdinIsTerminal)
    }
  }
})

function asked(name: string) {
  return Config.String(name).pipe(
    Config.option,
    Config.map(Option.getOrElse(() => "")),
    Effect.orDie
  )
}

/** One line for a pipe, indented for eyes. */
function textOfDocument(members: JsonObject, plain: boolean): string {
  const whole = { schema_version: SCHEMA_VERSION, ...members }
  return safeJson(`${JSON.stringify(whole, null, plain ? 0 : 2)}\n`)
}

function textOfFailure({ candidates = [], hint, message }: Failure, usage?: string): string {
  return [
    labelled("error", message),
    candidates.length > 0 ? labelled("  did you mean", candidates.join(", ")) : "",
    usage === undefined ? "" : labelled("  usage", usage),
    labelled("  hint", hint)
  ].join("")
}

function labelled(label: string, line: string): string {
  return `${label}: ${safeLine(line)}\n`
}

/** One step is a line; of several, each has its own, with its reason beside or below it. */
function textOfSteps(page: Page, steps: ReadonlyArray<NextStep>): string {
  const safe = steps.map(({ cmd, why }) => ({ cmd: safeLine(cmd), why: safeLine(why) }))
  const title = toned(page, "Next:", "dim")
  const [first] = safe
  if (first === undefined) return ""
  if (safe.length === 1) return `${title} ${first.cmd}  ${toned(page, `(${first.why})`, "dim")}`
  const width = Math.max(...safe.map(({ cmd }) => cmd.length))
  const lines = safe.map(({ cmd, why }) =>
    width > COMMAND_CHARACTERS_BESIDE
      ? `  ${cmd}\n      ${toned(page, why, "dim")}`
      : `  ${cmd.padEnd(width)}  ${toned(page, why, "dim")}`
  )
  return ["", title, ...lines].join("\n")
}
