/**
 * Devices of which nothing is asked: their machine stays cut off from its broker to the end of the run.
 *
 * @module
 */
import { eventsOf, type History } from "../history.ts"

/** The devices that are excused. */
export function excusedDevices(history: History): ReadonlySet<string> {
  return new Set(eventsOf(history, "cut_off").map(({ device }) => device))
}
