/**
 * Tells what a simulated broker commits: which messages it admitted, and which numbers it gave.
 *
 * @module
 */
import type { BrokerWorld } from "@claudemesh/testkit/simulation"

const OF_DEVICE = "(SELECT mesh || ' ' || device FROM main.devices WHERE num = new.num)"

const TRIGGERS = [
  `CREATE TEMP TRIGGER IF NOT EXISTS observe_admitted AFTER INSERT ON main.dedupes
    BEGIN SELECT observe_admitted(${OF_DEVICE}, new.id, new.attempt); END`,
  `CREATE TEMP TRIGGER IF NOT EXISTS observe_placed AFTER INSERT ON main.entries
    BEGIN SELECT observe_placed(${OF_DEVICE}, new.seq); END`
]

/** Observes a migrated store from now on, in the name of this run. */
export function observeStore({ disk, name: broker, tell }: BrokerWorld): void {
  const { database } = disk
  database.function("observe_admitted", (of, id, attempt) => {
    const [mesh = "", sender = ""] = String(of).split(" ")
    disk.afterCommit(
      "admitted",
      () =>
        tell({ type: "admitted", broker, mesh, sender, id: String(id), attempt: Number(attempt) })
    )
    return null
  })
  database.function("observe_placed", (of, seq) => {
    const [mesh = "", device = ""] = String(of).split(" ")
    disk.afterCommit(
      "placed",
      () => tell({ type: "placed", broker, mesh, device, seq: Number(seq) })
    )
    return null
  })
  for (const trigger of TRIGGERS) database.exec(trigger)
}
