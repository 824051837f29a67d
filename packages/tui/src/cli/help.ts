/**
 * Help, usage errors and the version, short: what it does, how it is called, examples first.
 *
 * @module
 */
import { Effect, Option, Schema } from "effect"
import type { CliOutput, HelpDoc } from "effect/cli"
import { failureOfUsage } from "./failure.ts"
import type { Output } from "./output.ts"
import { itemReport } from "./report.ts"

const Example = Schema.Struct({ command: Schema.String, description: Schema.String })
const Named = Schema.Struct({ name: Schema.String, description: Schema.String })

/** Help as a value. */
const Help = Schema.Struct({
  command: Schema.String,
  description: Schema.String,
  usage: Schema.String,
  examples: Schema.Array(Example),
  arguments: Schema.Array(Named),
  flags: Schema.Array(Named),
  global_flags: Schema.Array(Named),
  groups: Schema.Array(Schema.Struct({ group: Schema.String, verbs: Schema.Array(Named) }))
})
type Help = typeof Help.Type

const helpReport = itemReport({
  kind: "help",
  schema: Help,
  fields: Object.keys(Help.fields),
  text: textOfHelp
})

const Version = Schema.Struct({ name: Schema.String, version: Schema.String })

const versionReport = itemReport({
  kind: "version",
  schema: Version,
  fields: Object.keys(Version.fields),
  text: ({ name, version }) => `${name} ${version}`
})

/** Presents what the parser has to say through the one way out. */
export function presenter(output: Output["Service"]): CliOutput.Presenter {
  return {
    present: Effect.fnUntraced(function*(event) {
      switch (event._tag) {
        case "Help":
          return yield* output.print(helpReport, helpOf(event.helpDoc, event.commandPath))
        case "Version":
          return yield* output.print(versionReport, { name: event.name, version: event.version })
        case "InvalidInvocation":
          return yield* output.fail(
            failureOfUsage(event.errors, event.commandPath),
            usageOf(event.helpDoc)
          )
      }
    })
  }
}

function helpOf(doc: HelpDoc.HelpDoc, path: ReadonlyArray<string>): Help {
  return {
    command: path.join(" "),
    description: doc.description,
    usage: usageOf(doc),
    examples: (doc.examples ?? []).map(({ command, description = "" }) => ({
      command,
      description
    })),
    arguments: (doc.args ?? []).map(({ description, name, variadic }) => ({
      name: variadic ? `${name}...` : name,
      description: textOf(description)
    })),
    flags: doc.flags.map(named),
    global_flags: [...(doc.inheritedFlags ?? []), ...(doc.globalFlags ?? [])].map(named),
    groups: (doc.subcommands ?? []).map(({ commands, group = "Verbs" }) => ({
      group,
      verbs: commands.map(({ description, name, shortDescription }) => ({
        name,
        description: shortDescription ?? description
      }))
    }))
  }
}

function named({ aliases, description, name, type }: HelpDoc.FlagDoc): typeof Named.Type {
  const value = type === "boolean" ? "" : ` ${type}`
  return { name: [`--${name}`, ...aliases].join(", ") + value, description: textOf(description) }
}

function textOf(description: Option.Option<string>): string {
  return Option.getOrElse(description, () => "")
}

function textOfHelp(help: Help): string {
  const globals = help.global_flags.map(({ name }) => name.split(/[, ]/)[0]).join(" ")
  return [
    [help.description, `usage: ${help.usage}`],
    help.examples.length === 0
      ? []
      : aligned(help.examples.map((row) => ["$ " + row.command, row.description])),
    section("arguments", help.arguments),
    section("flags", help.flags),
    ...help.groups.map(({ group, verbs }) => section(group.toLowerCase(), verbs)),
    [`everywhere: ${globals}`]
  ].filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n")
}

function section(title: string, rows: ReadonlyArray<typeof Named.Type>): ReadonlyArray<string> {
  if (rows.length === 0) return []
  return [`${title}:`, ...aligned(rows.map(({ description, name }) => [name, description]))]
}

/** The parser calls them subcommands; people are told verbs. What has flags of its own is one too. */
function usageOf({ flags, usage }: HelpDoc.HelpDoc): string {
  return usage.replace("<subcommand>", flags.length > 0 ? "[<verb>]" : "<verb>")
}

/** Two columns; where the first one is very long, the second follows it. */
function aligned(rows: ReadonlyArray<readonly [string, string]>): ReadonlyArray<string> {
  const width = Math.min(60, Math.max(...rows.map(([left]) => left.length)))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd())
}
