/**
 * The page a text is written on: what the reader can see, and tables that fit it.
 *
 * A terminal gets aligned columns under a heading; a pipe gets one row a line, tab-separated, whole and
 * without colour. Cells are made safe here, so that a table cannot be painted over by what is in it.
 *
 * @module
 */
import { CliOutput } from "effect/cli"
import { safeLine } from "./terminal_text.ts"

/** What the reader can see. */
export interface Page {
  /** Not a terminal: columns are separated by tabs, headings left out. */
  readonly plain: boolean
  readonly colour: boolean
  /** Whether the reader types at a terminal too, and so has read what is shown. */
  readonly interactive: boolean
  readonly now: number
}

/** How much a piece of text stands out; never the only carrier of a meaning. */
export type Tone = "bold" | "dim" | "good" | "warning" | "bad"

/** One column of a table. */
export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string
  readonly tone?: (row: Row) => Tone | undefined
}

const SGR = { bold: 1, dim: 2, good: 32, warning: 33, bad: 31 } as const satisfies Record<
  Tone,
  number
>

/** Text in a tone, where the page has colour. */
export function toned(page: Page, text: string, tone: Tone | undefined): string {
  return page.colour && tone !== undefined ? `\u001B[${SGR[tone]}m${text}\u001B[0m` : text
}

/** Rows under headings, or tab-separated rows for a pipe. */
export function table<Row>(
  page: Page,
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>
): string {
  const cells = rows.map((row) => columns.map((column) => safeLine(column.cell(row))))
  if (page.plain) return cells.map((row) => row.join("\t")).join("\n")
  const titles = columns.map((column) => column.title)
  const widths = widthsOf([titles, ...cells])
  const heading = titles.map((title, at) => toned(page, padded(title, widths[at]), "dim"))
  const lines = rows.map((row, at) =>
    columns.map((column, column_at) =>
      toned(page, padded(cells[at]?.[column_at] ?? "", widths[column_at]), column.tone?.(row))
    )
  )
  return [heading, ...lines].map((line) => line.join("  ").trimEnd()).join("\n")
}

/** Labels with their values; a row without a value is left out. */
export function pairs(
  page: Page,
  rows: ReadonlyArray<readonly [label: string, value: string | undefined]>
): string {
  const said = rows.flatMap(([label, value]) =>
    value === undefined ? [] : [[label, safeLine(value)]] as const
  )
  if (page.plain) return said.map((row) => row.join("\t")).join("\n")
  const [width] = widthsOf(said)
  return said
    .map(([label, value]) => `${toned(page, padded(label, width), "dim")}  ${value}`.trimEnd())
    .join("\n")
}

/** "1 member", "2 members". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`
}

function widthsOf(rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<number> {
  const columns = rows[0]?.length ?? 0
  return Array.from(
    { length: columns },
    (_, at) => Math.max(...rows.map((row) => CliOutput.displayWidth(row[at] ?? "")))
  )
}

function padded(text: string, width = 0): string {
  return text + " ".repeat(Math.max(0, width - CliOutput.displayWidth(text)))
}
