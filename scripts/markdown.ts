/**
 * Tables of Markdown.
 *
 * @module
 */

/** A table with a head. */
export function markdownTable(
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): string {
  return [head, head.map(() => "---"), ...rows].map(markdownRow).join("\n")
}

function markdownRow(cells: ReadonlyArray<string>): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
}
