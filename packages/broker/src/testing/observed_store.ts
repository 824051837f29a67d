/**
 * Tells what a simulated broker commits: which messages it admitted, and which numbers it gave.
 *
 * @module
 */
import type { BrokerWorld, Triggers } from "@claudemesh/testkit/simulation"

const OF_DEVICE = "(SELECT mesh || ' ' || device FROM main.devices WHERE num = new.num)"

/** What is observed of a migrated store. */
export const STORE_TRIGGERS: Triggers = [
  [
    "admitted",
    `CREATE TEMP TRIGGER observe_admitted AFTER INSERT ON main.dedupes
      BEGIN SELECT observe_admitted(${OF_DEVICE}, new.id, new.attempt); END`
  ],
  [
    "placed",
    `CREATE TEMP TRIGGER observe_placed AFTER INSERT ON main.entries
      BEGIN SELECT observe_placed(${OF_DEVICE}, new.seq); END`
  ]
]

/** Observes a migrated store from now on, in the name of this run. */
export function observeStore({ disk, name: broker, tell }: BrokerWorld): void {
  disk.observe(STORE_TRIGGERS, {
    admitted: ([of, id, attempt]) => {
      const [mesh = "", sender = ""] = String(of).split(" ")
      const message = { mesh, sender, id: String(id), attempt: Number(attempt) }
      tell({ type: "admitted", broker, ...message })
    },
    placed: ([of, seq]) => {
      const [mesh = "", device = ""] = String(of).split(" ")
      tell({ type: "placed", broker, mesh, device, seq: Number(seq) })
    }
  })
}
