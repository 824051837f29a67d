/**
 * `claudemesh uninstall`: takes away what `install` put there, and nothing else.
 *
 * @module
 */
import { homeDirectory } from "@claudemesh/daemon"
import { uninstall as undo } from "@claudemesh/daemon/install"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { Output } from "../output.ts"
import { changeList } from "../reports/install.ts"
import { declared } from "../verb.ts"

export const uninstall = Command.make(
  "uninstall",
  {
    dryRun: Flag.Boolean("dry-run").pipe(
      Flag.withDescription("Only show what would be done"),
      Flag.withDefault(false)
    ),
    force: Flag.Boolean("force").pipe(
      Flag.withDescription("Take away what was changed by hand too"),
      Flag.withDefault(false)
    )
  },
  Effect.fn("uninstall")(function*({ dryRun, force }) {
    const output = yield* Output
    const { directory: home } = yield* Effect.orDie(homeDirectory)
    const items = yield* undo({ home, force, dryRun })
    const kept = items.filter(({ change }) => change === "kept")
    if (items.length === 0) yield* output.note("Nothing is installed")
    yield* output.print(changeList, { items, page: { dry_run: dryRun } }, {
      warnings: kept.map(({ path }) => `Kept "${path}": it was changed by hand`),
      next: kept.length === 0
        ? []
        : [{ cmd: "claudemesh uninstall --force", why: "take those away too" }]
    })
  })
).pipe(
  declared({
    description: "Undo install: every file is as it was before",
    examples: [
      { command: "claudemesh uninstall", description: "Messages and keys stay" },
      { command: "claudemesh uninstall --dry-run", description: "Only show what would be done" }
    ],
    report: changeList
  })
)
