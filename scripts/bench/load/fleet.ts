/**
 * Many devices on one thread: each sends 1 KiB to its neighbour, and acknowledges what it is pushed.
 *
 * Plain callbacks and text search rather than schemas, so that the load costs
 * little beside what it is to measure.
 *
 * @module
 */

/** A fleet that is connected. */
export interface Fleet {
  readonly devices: number
  /** Sends message `number` from a device to its neighbour. */
  readonly send: (device: number, number: number) => void
  /** Says what is told of each message: admitted, or arrived. */
  listen: (listener: FleetListener) => void
}

/** What is told. */
export interface FleetListener {
  readonly admitted: (number: number) => void
  readonly arrived: (number: number) => void
}

/** The id of a message by its number: the last 12 digits. */
export function idOf(run: number, number: number): string {
  const head = run.toString(16).padStart(8, "0")
  return `${head}-0000-7000-8000-${number.toString(16).padStart(12, "0")}`
}
