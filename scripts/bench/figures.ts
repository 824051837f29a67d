/**
 * Sums up measurements: the smallest, the median, the 95th percentile, the largest.
 *
 * @module
 */

/** A row of a bench's table: what was measured, in milliseconds. */
export interface Row {
  readonly name: string
  readonly millis: ReadonlyArray<number>
}

/** The value that so large a part of the measurements does not exceed. */
export function percentile(millis: ReadonlyArray<number>, part: number): number {
  const sorted = millis.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** The table of a bench, to print. */
export function table(bench: string, rows: ReadonlyArray<Row>): string {
  const head = ["", "n", "min ms", "p50 ms", "p95 ms", "max ms"]
  const body = rows.map(({ millis, name }) => [
    name,
    String(millis.length),
    ...[0, 0.5, 0.95, 1].map((part) => percentile(millis, part).toFixed(2))
  ])
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((row) => row[column]?.length ?? 0))
  )
  const lines = [head, ...body].map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
    ).join("  ")
  )
  return [`bench ${bench}`, ...lines].join("\n")
}
