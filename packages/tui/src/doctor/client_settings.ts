/**
 * Reads Claude Code's own settings, of which checks look at some: they are its user's, and never changed.
 *
 * @module
 */
import { Effect, FileSystem, Option, Schema } from "effect"
import { word } from "../cli/shell_word.ts"
import { claudeDirectory } from "../cli/verbs/install_surroundings.ts"
import { type Finding, type Fix, skipped, warning } from "./finding.ts"

/** What checks look at; whatever else stands there is passed over. */
const ClientSettings = Schema.fromJsonString(
  Schema.Struct({
    crossSessionInbound: Schema.optionalKey(Schema.Unknown),
    sandbox: Schema.optionalKey(Schema.Unknown)
  })
)
export type ClientSettings = typeof ClientSettings.Type

/** Judges the settings by what a check knows of them; it is handed the way to edit them. */
export type JudgeSettings = (
  settings: ClientSettings,
  edit: (why: string) => Fix
) => Finding

/** What there is to say of the client's settings on this machine. */
export const judgeClientSettings = Effect.fn("judgeClientSettings")(function*(
  judge: JudgeSettings
) {
  const fs = yield* FileSystem.FileSystem
  const file = `${yield* claudeDirectory}/settings.json`
  const text = yield* Effect.option(fs.readFileString(file))
  return Option.match(text, {
    onNone: () => skipped("Claude Code has no settings here"),
    onSome: (text) => judgeSettingsText(judge, file, text)
  })
})

/** What there is to say of settings with that text. */
export function judgeSettingsText(judge: JudgeSettings, file: string, text: string): Finding {
  function edit(why: string) {
    return { cmd: `\${EDITOR:-vi} ${word(file)}`, why }
  }
  return Option.match(Schema.decodeOption(ClientSettings)(text), {
    onNone: () => warning(`"${file}" is no JSON`, edit("mend it")),
    onSome: (settings) => judge(settings, edit)
  })
}
