/**
 * Checks what Claude Code's own settings say of messages from others.
 *
 * It is a choice of the user's: it is told, and never changed.
 *
 * @module
 */
import { Effect, FileSystem, Option, Schema } from "effect"
import { claudeDirectory } from "../cli/verbs/install_surroundings.ts"
import { type Finding, ok, skipped, warning, word } from "./finding.ts"

const Settings = Schema.fromJsonString(
  Schema.Struct({ crossSessionInbound: Schema.optionalKey(Schema.Unknown) })
)

/** `crossSessionInbound`, where it is set. */
export const inbound = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const file = `${yield* claudeDirectory}/settings.json`
  const text = yield* Effect.option(fs.readFileString(file))
  return [Option.match(text, {
    onNone: () => skipped("Claude Code has no settings here"),
    onSome: (text) => inboundFinding(file, text)
  })]
})

/** What there is to say of settings with that text. */
export function inboundFinding(file: string, text: string): Finding {
  const settings = Option.getOrUndefined(Schema.decodeOption(Settings)(text))
  function edit(why: string) {
    return { cmd: `\${EDITOR:-vi} ${word(file)}`, why }
  }
  if (settings === undefined) return warning(`"${file}" is no JSON`, edit("mend it"))
  const { crossSessionInbound: set } = settings
  if (set !== "hold" && set !== "refuse") {
    return ok("Claude Code takes messages from other sessions")
  }
  const what = set === "hold" ? "holds" : "refuses"
  return warning(
    `Claude Code ${what} what peers say (crossSessionInbound): messages will wait, unread`,
    edit("it is your choice: take the line out to be shown messages")
  )
}
