/**
 * Writes `docs/reference` from the tables in the source; `--check` only says what is not as it would be.
 *
 * @module
 */
import { claudemesh } from "../packages/tui/src/cli/verbs/mod.ts"
import { BrokerApi, BrokerFrame, DeviceFrame } from "@claudemesh/protocol"
import { type ErrorCode, type ErrorFacts, errorTable } from "@claudemesh/protocol/errors"
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Completions } from "effect/cli"
import { OpenApi } from "effect/http-api"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { markdownTable } from "./markdown.ts"
import { faultCoveragePage } from "./reference/fault_coverage_page.ts"

const folder = new URL("../docs/reference/", import.meta.url)

/** The pages, by file name. */
const pages: Readonly<Record<string, () => string>> = {
  "errors.md": errorsPage,
  "frames.md": framesPage,
  "verbs.md": verbsPage,
  "fault_coverage.md": faultCoveragePage,
  "local_api.json": () => JSON.stringify(OpenApi.fromApi(LocalApi), null, 1),
  "broker_api.json": () => JSON.stringify(OpenApi.fromApi(BrokerApi), null, 1)
}

const isCheck = process.argv.includes("--check")
mkdirSync(folder, { recursive: true })
for (const [name, page] of Object.entries(pages)) {
  const text = `${page().trimEnd()}\n`
  if (text === current(name)) continue
  if (isCheck) {
    console.log(`docs/reference/${name} is not what the source says`)
    process.exitCode = 1
  } else writeFileSync(new URL(name, folder), text)
}

function current(name: string): string | undefined {
  try {
    return readFileSync(new URL(name, folder), "utf8")
  } catch {
    return undefined
  }
}

function errorsPage(): string {
  const rows = Object.entries<ErrorFacts>(errorTable satisfies Record<ErrorCode, ErrorFacts>)
    .map((
      [code, { exit, hint, retryable, status }]
    ) => [`\`${code}\``, String(status), String(exit), retryable ? "yes" : "no", hint])
  return `# Errors

Codes are stable and never reused. They stand in frames, in both HTTP APIs, in verdicts on messages,
and in \`--json\`. A verb ends with the exit code of the error it ends with; 0 is success, 70 a bug,
130 an interrupt.

${markdownTable(["Code", "HTTP", "Exit", "Try again?", "What would work"], rows)}
`
}

interface FrameSchema {
  readonly fields: Readonly<
    Record<
      string,
      { readonly ast: { readonly context?: { readonly isOptional?: boolean } | undefined } }
    >
  >
}

function framesPage(): string {
  return `# Frames

JSON text frames of a WebSocket at \`/v1/socket\`, tagged by \`type\`. A field with \`?\` may be left out.
The meaning of each is in \`packages/protocol/src/frames.ts\`; one recorded frame of each type is in
\`packages/protocol/testdata/cm1.ndjson\`.

## From a device

${frameTable(DeviceFrame.cases)}

## From a broker

${frameTable(BrokerFrame.cases)}
`
}

function frameTable(cases: Readonly<Record<string, FrameSchema>>): string {
  const rows = Object.entries(cases).map(([type, { fields }]) => [
    `\`${type}\``,
    Object.entries(fields)
      .filter(([name]) => name !== "type")
      .map(([name, field]) => `\`${name}${field.ast.context?.isOptional === true ? "?" : ""}\``)
      .join(", ")
  ])
  return markdownTable(["Type", "Fields"], rows)
}

function verbsPage(): string {
  const sections = Completions.fromCommand(claudemesh).subcommands.flatMap((verb) =>
    verbSections("claudemesh", verb)
  )
  return `# Verbs

\`--json\`, \`--mesh NAME\`, \`--help\` and \`--version\` work everywhere. Exit codes: \`errors.md\`.

${sections.join("\n\n")}
`
}

function verbSections(path: string, verb: Completions.CommandDescriptor): ReadonlyArray<string> {
  const name = `${path} ${verb.name}`
  const inner = verb.subcommands.flatMap((one) => verbSections(name, one))
  const isVerb = inner.length === 0 || verb.flags.length > 0
  return isVerb ? [verbSection(name, verb), ...inner] : inner
}

function verbSection(name: string, verb: Completions.CommandDescriptor): string {
  const words = verb.arguments.map((argument) =>
    argument.required ? argument.name : `[${argument.name}]`
  )
  const rows = [
    ...verb.arguments.map(({ description, name }) => [`\`${name}\``, description ?? ""]),
    ...verb.flags.map(({ aliases, description, name }) => [
      [`--${name}`, ...aliases.map((alias) => `-${alias}`)].map((flag) => `\`${flag}\``).join(" "),
      description ?? ""
    ])
  ]
  const table = rows.length === 0 ? [] : ["", markdownTable(["", ""], rows)]
  return [`## \`${[name, ...words].join(" ")}\``, "", verb.description ?? "", ...table].join("\n")
}
