/**
 * Checks the plugin for Claude Code: that it is there, as this version writes it, and that its hooks can run.
 *
 * @module
 */
import { PLUGIN_NAME } from "@claudemesh/daemon"
import {
  applyInstall,
  type FileChange,
  type InstallRequest,
  planInstall
} from "@claudemesh/daemon/install"
import { Effect, FileSystem, Option, Result, Schema } from "effect"
import { skillText } from "../cli/skill.ts"
import { claudeDirectory } from "../cli/verbs/install_surroundings.ts"
import { VERSION } from "../version.ts"
import { failed, type Finding, ok, skipped, warning } from "./finding.ts"
import { Machine } from "./machine.ts"

const INSTALL = { cmd: "claudemesh install", why: "it shows what it would touch, and asks" }

/** The plugin's folder against what this version would write. */
export const plugin = Effect.gen(function*() {
  const { executable, home } = yield* Machine
  const fs = yield* FileSystem.FileSystem
  const config = yield* claudeDirectory
  const folder = `${config}/skills/${PLUGIN_NAME}`
  const isInstalled = yield* Effect.orElseSucceed(
    fs.exists(`${home}/data/install.json`),
    () => false
  )
  if (!isInstalled && !(yield* fs.exists(folder))) {
    return [
      warning(
        "the plugin is not installed: sessions that claudemesh launch starts have it",
        INSTALL
      )
    ]
  }
  const request: InstallRequest = {
    config,
    home,
    plugin: { version: VERSION, executable, skill: skillText() },
    statusLine: false,
    force: false
  }
  const plan = yield* Effect.result(planInstall(request))
  if (Result.isFailure(plan)) return [refusedFinding(plan.failure)]
  const changes = plan.success.changes.filter(({ path }) => path.startsWith(`${folder}/`))
  const finding = pluginFinding(changes)
  const repair = {
    does: `write the plugin's files anew into "${folder}"`,
    run: applyInstall(plan.success)
  }
  return [finding.status === "failed" && isInstalled ? { ...finding, repair } : finding]
})

/** What there is to say of a plugin to which installing would do that. */
export function pluginFinding(changes: ReadonlyArray<FileChange>): Finding {
  const stale = changes.filter(({ change }) => change !== "unchanged" && change !== "kept")
  return stale.length === 0
    ? ok(`installed, ${changes.length} files as version ${VERSION} writes them`)
    : failed(`${stale.length} of its files are not what version ${VERSION} writes`, INSTALL)
}

function refusedFinding({ code, message }: { readonly code: string; readonly message: string }) {
  const fix = code === "changed_by_hand"
    ? { cmd: "claudemesh install --force", why: "overwrite what was changed; --dry-run shows it" }
    : INSTALL
  return warning(message, fix)
}

const Hooks = Schema.fromJsonString(Schema.Struct({
  hooks: Schema.Record(
    Schema.String,
    Schema.Array(Schema.Struct({
      hooks: Schema.Array(Schema.Struct({ command: Schema.optionalKey(Schema.String) }))
    }))
  )
}))

/** The executable that the hooks name. */
export const hooks = Effect.gen(function*() {
  const { executable } = yield* Machine
  const fs = yield* FileSystem.FileSystem
  const file = `${yield* claudeDirectory}/skills/${PLUGIN_NAME}/hooks/hooks.json`
  const text = yield* Effect.option(fs.readFileString(file))
  if (Option.isNone(text)) return [skipped("the plugin is not installed")]
  const named = executablesIn(text.value)
  if (named === undefined) return [failed(`"${file}" cannot be understood`, INSTALL)]
  const found = yield* Effect.forEach(
    named,
    (path) => Effect.orElseSucceed(fs.exists(path), () => false)
  )
  const missing = named.find((_, at) => found[at] === false)
  if (missing !== undefined) {
    return [failed(`the hooks run "${missing}", which is not there`, INSTALL)]
  }
  const own = new Set([executable.program, ...executable.args])
  const other = named.find((path) => !own.has(path))
  return [
    other === undefined
      ? ok("the hooks run this executable")
      : warning(`the hooks run "${other}", which is another claudemesh than this`, INSTALL)
  ]
})

/** The paths of programs that hooks run; nothing where the text is not of hooks. */
export function executablesIn(text: string): ReadonlyArray<string> | undefined {
  const read = Option.getOrUndefined(Schema.decodeOption(Hooks)(text))
  if (read === undefined) return undefined
  const commands = Object.values(read.hooks).flat().flatMap(({ hooks }) => hooks)
    .flatMap(({ command }) => command === undefined ? [] : [command])
  return [...new Set(commands.flatMap(quotedWords))]
}

/** What a POSIX shell reads of words in single quotes. */
function quotedWords(command: string): ReadonlyArray<string> {
  return [...command.matchAll(/'((?:[^']|'\\'')*)'/g)].map(([, inner = ""]) =>
    inner.replaceAll(String.raw`'\''`, "'")
  )
}
