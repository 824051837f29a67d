/**
 * `claudemesh install`: puts the plugin beside Claude Code, and remembers what it takes to undo it.
 *
 * @module
 */
import { homeDirectory } from "@claudemesh/daemon"
import { applyInstall, planInstall, pluginFiles } from "@claudemesh/daemon/install"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { VERSION } from "../../version.ts"
import { EndedWith } from "../failure.ts"
import { Output } from "../output.ts"
import { changeList, fileList, textOfChanges } from "../reports/install.ts"
import { skillText } from "../skill.ts"
import { declared } from "../verb.ts"
import { isAgreed, refuseUnasked } from "./install_question.ts"
import { claudeDirectory, installWarnings, ownExecutable } from "./install_surroundings.ts"

/** Nobody is made to install. */
const DECLINED = new EndedWith({ exit: 1 })

function isFlag(name: string, description: string) {
  return Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))
}

export const install = Command.make(
  "install",
  {
    yes: isFlag("yes", "Do not ask"),
    dryRun: isFlag("dry-run", "Only show what would be done"),
    print: isFlag("print", "Print the files instead of writing them"),
    statusLine: isFlag("status-line", "Claude Code's status line too, around the one you have"),
    monitor: isFlag("monitor", "A monitor too, which wakes agents where nothing else does"),
    force: isFlag("force", "Overwrite files of the plugin that were changed by hand")
  },
  Effect.fn("install")(function*({ dryRun, force, monitor, print, statusLine, yes }) {
    const output = yield* Output
    const plugin = { version: VERSION, executable: ownExecutable, skill: skillText(), monitor }
    if (print) {
      const items = [...pluginFiles(plugin)].map(([path, text]) => ({ path, text }))
      return yield* output.print(fileList, { items })
    }
    const { directory: home } = yield* Effect.orDie(homeDirectory)
    const config = yield* claudeDirectory
    const plan = yield* planInstall({ config, home, plugin, statusLine, force })
    const touched = plan.changes.filter(({ change }) => change !== "unchanged")
    const warnings = yield* installWarnings(ownExecutable)
    if (!dryRun && touched.length > 0) {
      if (!yes) yield* ask(touched)
      yield* applyInstall(plan)
    }
    yield* output.print(changeList, { items: plan.changes, page: { dry_run: dryRun } }, {
      warnings,
      next: dryRun
        ? [{ cmd: "claudemesh install", why: "do it; claudemesh uninstall undoes it" }]
        : [{ cmd: "claude", why: "its next session is a peer; claudemesh uninstall undoes it" }]
    })
  })
).pipe(
  declared({
    description: "Make Claude Code a peer: add the plugin, with a manifest that undoes it",
    examples: [
      { command: "claudemesh install", description: "Shows what it would touch, and asks" },
      { command: "claudemesh install --dry-run", description: "Only shows it" },
      { command: "claudemesh install --yes --status-line", description: "With the status line" }
    ],
    report: changeList
  })
)

const ask = Effect.fnUntraced(function*(touched: Parameters<typeof textOfChanges>[0]) {
  yield* refuseUnasked
  const { note, page } = yield* Output
  if (yield* isAgreed(textOfChanges(touched, yield* page), "Do this?")) return
  yield* note("Nothing was changed")
  return yield* DECLINED
})
