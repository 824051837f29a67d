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

/** The figures that a table shows of some measurements, in milliseconds. */
export function summed(millis: ReadonlyArray<number>) {
  return {
    count: millis.length,
    min: percentile(millis, 0),
    p50: percentile(millis, 0.5),
    p95: percentile(millis, 0.95),
    p99: percentile(millis, 0.99),
    max: percentile(millis, 1)
  }
}

/** The middle of some figures, and the least and the most of them. */
export function spread(values: ReadonlyArray<number>) {
  return { median: percentile(values, 0.5), min: percentile(values, 0), max: percentile(values, 1) }
}

/** The table of a bench, to print. */
export function table(title: string, rows: ReadonlyArray<Row>): string {
  const body = rows.map(({ millis, name }) => [
    name,
    String(millis.length),
    ...[0, 0.5, 0.95, 1].map((part) => percentile(millis, part).toFixed(2))
  ])
  return grid(title, [["", "n", "min ms", "p50 ms", "p95 ms", "max ms"], ...body])
}

/** Cells in columns under a title; the first column is text, the others are numbers. */
export function grid(title: string, lines: ReadonlyArray<ReadonlyArray<string>>): string {
  const [head = []] = lines
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0))
  )
  const texts = lines.map((line) =>
    line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
    ).join("  ")
  )
  return [title, ...texts].join("\n")
}
