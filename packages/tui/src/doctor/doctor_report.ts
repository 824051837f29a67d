/**
 * The report of `claudemesh doctor`: a line for each thing that was looked at, and what mends it.
 *
 * @module
 */
import { Schema } from "effect"
import { type Page, type Tone, toned } from "../cli/page.ts"
import { type Listed, listReport } from "../cli/report.ts"
import { safeLine } from "../cli/terminal_text.ts"
import type { FindingStatus } from "./finding.ts"

const Item = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  status: Schema.Literals(["ok", "warning", "failed", "skipped"]),
  says: Schema.String,
  fix: Schema.optionalKey(Schema.Struct({ cmd: Schema.String, why: Schema.String }))
})
type Item = typeof Item.Type

/** How many there are of each, what was repaired, and the bundle that was written. */
export interface DoctorPage {
  readonly [name: string]: unknown
  readonly counts: Readonly<Record<FindingStatus, number>>
  readonly repaired?: ReadonlyArray<string>
  readonly bundle?: {
    readonly file: string
    readonly files: ReadonlyArray<{ readonly name: string; readonly bytes: number }>
  }
}

/** A glyph and a word: colour alone says nothing. */
const MARKS = {
  ok: { glyph: "✓", tone: "good" },
  skipped: { glyph: "–", tone: "dim" },
  warning: { glyph: "!", tone: "warning" },
  failed: { glyph: "✗", tone: "bad" }
} as const satisfies Record<FindingStatus, { readonly glyph: string; readonly tone: Tone }>

/** `doctor.checks` */
export const doctorReport = listReport<Item, DoctorPage>({
  kind: "doctor.checks",
  schema: Item,
  fields: Object.keys(Item.fields),
  text: textOfChecks
})

/** What of a finding is said. */
export function doctorItem({ fix, id, says, status, title }: Item): Item {
  return { id, title, status, says, ...(fix !== undefined && { fix }) }
}

/** How many there are of each. */
export function countsOf(items: ReadonlyArray<{ readonly status: FindingStatus }>) {
  function count(wanted: FindingStatus) {
    return items.filter(({ status }) => status === wanted).length
  }
  return {
    ok: count("ok"),
    warning: count("warning"),
    failed: count("failed"),
    skipped: count("skipped")
  }
}

/** What failed stands last, where eyes are. */
function textOfChecks({ items, page: whole }: Listed<Item, DoctorPage>, page: Page): string {
  const ordered = [
    ...items.filter(({ status }) => status !== "failed"),
    ...items.filter(({ status }) => status === "failed")
  ]
  if (page.plain) return [...ordered.map(plainLine), ...bundleLines(whole, page)].join("\n")
  const width = Math.max(0, ...ordered.map(({ title }) => safeLine(title).length))
  return [
    ...ordered.flatMap((item) => linesOf(item, { page, width })),
    "",
    summaryOf(countsOf(items)),
    ...bundleLines(whole, page)
  ].join("\n")
}

function plainLine({ fix, id, says, status }: Item): string {
  return [status, safeLine(id), safeLine(says), safeLine(fix?.cmd ?? "")].join("\t")
}

function linesOf(
  { fix, says, status, title }: Item,
  { page, width }: { readonly page: Page; readonly width: number }
): ReadonlyArray<string> {
  const { glyph, tone } = MARKS[status]
  const mark = toned(page, `${glyph} ${status.padEnd("skipped".length)}`, tone)
  const line = `${mark}  ${safeLine(title).padEnd(width)}  ${safeLine(says)}`
  if (fix === undefined) return [line]
  return [
    line,
    `             fix: ${safeLine(fix.cmd)}  ${toned(page, `(${safeLine(fix.why)})`, "dim")}`
  ]
}

/** "11 ok, 1 warning, 1 failed"; what is not there is not said. */
export function summaryOf(counts: Readonly<Record<FindingStatus, number>>): string {
  return (["ok", "skipped", "warning", "failed"] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`)
    .join(", ")
}

function bundleLines(whole: DoctorPage | undefined, { plain }: Page): ReadonlyArray<string> {
  if (whole?.bundle === undefined) return []
  const { file, files } = whole.bundle
  if (plain) return files.map(({ bytes, name }) => `bundled\t${name}\t${bytes}`)
  return [
    "",
    `Wrote ${safeLine(file)}, for you alone; nothing was uploaded. In it, without secrets:`,
    ...files.map(({ bytes, name }) => `  ${name}  ${bytes} bytes`)
  ]
}
