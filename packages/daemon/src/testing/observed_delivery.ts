/**
 * Tells what a simulated daemon commits: what it accepted, what it was sent, what its user is shown.
 *
 * By triggers of the database rather than by the daemon's own words, so that
 * neither can lie about the other.
 *
 * @module
 */
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import type { DaemonWorld } from "@claudemesh/testkit/simulation"
import type { SQLOutputValue } from "node:sqlite"

type Row = Record<string, SQLOutputValue>
type Texts = ReadonlyArray<string>

const OBSERVED = ["accepted", "shown", "inboxed"] as const

const TRIGGERS = [
  `CREATE TEMP TRIGGER IF NOT EXISTS observe_accepted AFTER INSERT ON main.outbox
    WHEN new.class = 'dm' BEGIN SELECT observe_accepted(new.mesh, new.id); END`,
  `CREATE TEMP TRIGGER IF NOT EXISTS observe_shown AFTER UPDATE OF state ON main.outbox_recipients
    WHEN new.state IS NOT old.state AND
      (SELECT class FROM main.outbox WHERE mesh = new.mesh AND id = new.id) = 'dm'
    BEGIN SELECT observe_shown(new.mesh, new.id, new.device, new.state, new.reason); END`,
  `CREATE TEMP TRIGGER IF NOT EXISTS observe_inboxed AFTER INSERT ON main.inbox
    BEGIN SELECT observe_inboxed(new.mesh, new.sender, new.id, new.text); END`
]

/** Observes a migrated database from now on, in the name of this run. */
export function observeDelivery({ disk, memberships, tell }: DaemonWorld): void {
  const { database } = disk
  function deviceIn(mesh: string): string {
    const found = memberships.find(({ made }) => made.membership.mesh === mesh)
    return found?.made.members.get(found.name)?.device ?? ""
  }
  function accepted(mesh: string, id: string) {
    const message: Row = database.prepare(
      "SELECT content, ttl FROM outbox WHERE mesh = ? AND id = ?"
    ).get(mesh, id) ?? {}
    const to = database.prepare("SELECT device FROM outbox_recipients WHERE mesh = ? AND id = ?")
      .all(mesh, id).map(({ device }) => String(device))
    const { content, ttl } = message
    const text = content instanceof Uint8Array ? fromUtf8(content) ?? "" : ""
    tell({ type: "accepted", mesh, sender: deviceIn(mesh), id, to, text, ttl: Number(ttl) })
  }
  const observers = {
    accepted: ([mesh = "", id = ""]: Texts) => accepted(mesh, id),
    shown: ([mesh = "", id = "", recipient = "", state = "", reason]: Texts) =>
      tell({ type: "shown", mesh, sender: deviceIn(mesh), id, recipient, state, reason }),
    inboxed: ([mesh = "", sender = "", id = "", text = ""]: Texts) =>
      tell({ type: "inboxed", mesh, sender, id, device: deviceIn(mesh), text })
  }
  for (const type of OBSERVED) {
    database.function(`observe_${type}`, { varargs: true }, (...values) => {
      // A reason that is nothing comes last, and so leaves the list.
      const texts = values.filter((value) => value !== null).map(String)
      disk.afterCommit(type, () => observers[type](texts))
      return null
    })
  }
  for (const trigger of TRIGGERS) database.exec(trigger)
}
