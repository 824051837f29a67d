/**
 * Reports of what installing and uninstalling do to files.
 *
 * @module
 */
import type { FileChange } from "@claudemesh/daemon/install"
import { Schema } from "effect"
import { type Page, type Tone, toned } from "../page.ts"
import { listReport } from "../report.ts"
import { safeLine, safeText } from "../terminal_text.ts"

const Change = Schema.Struct({
  path: Schema.String,
  change: Schema.Literals(["created", "changed", "removed", "unchanged", "kept"]),
  /** A unified diff, where there is a file before and after. */
  diff: Schema.String
})

const TONES = {
  created: "good",
  changed: "warning",
  removed: "bad",
  unchanged: "dim",
  kept: "warning"
} as const satisfies Record<FileChange["change"], Tone>

/** `install.changes`: what is done to each file. */
export const changeList = listReport({
  kind: "install.changes",
  schema: Change,
  fields: Object.keys(Change.fields),
  text: ({ items }, page) => textOfChanges(items, page)
})

/** Each file with what is done to it; for eyes also how. */
export function textOfChanges(changes: ReadonlyArray<FileChange>, page: Page): string {
  if (page.plain) {
    return changes.map(({ change, path }) => `${change}\t${safeLine(path)}`).join("\n")
  }
  return changes
    .flatMap(({ change, diff, path }) => [
      `${toned(page, change.padEnd("unchanged".length), TONES[change])}  ${safeLine(path)}`,
      ...(diff === "" ? [] : safeText(diff).split("\n").map((line) => `    ${line}`))
    ])
    .join("\n")
}

const PlacedText = Schema.Struct({ path: Schema.String, text: Schema.String })

/** `install.files`: what would be in each file. */
export const fileList = listReport({
  kind: "install.files",
  schema: PlacedText,
  fields: Object.keys(PlacedText.fields),
  text: ({ items }) =>
    items.map(({ path, text }) => `=== ${safeLine(path)}\n${safeText(text)}`).join("\n")
})
