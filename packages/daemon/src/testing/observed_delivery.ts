/**
 * Tells what a simulated daemon commits: what it accepted, what it was sent, what its user is shown.
 *
 * By triggers of the database rather than by the daemon's own words, so that
 * neither can lie about the other.
 *
 * @module
 */
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import type { DaemonWorld, Triggers } from "@claudemesh/testkit/simulation"
import type { SQLOutputValue } from "node:sqlite"

type Row = Record<string, SQLOutputValue>

/** What is observed of a migrated database. */
export const DELIVERY_TRIGGERS: Triggers = [
  [
    "accepted",
    `CREATE TEMP TRIGGER observe_accepted AFTER INSERT ON main.outbox
      WHEN new.class = 'dm' BEGIN SELECT observe_accepted(new.mesh, new.id); END`
  ],
  [
    "shown",
    `CREATE TEMP TRIGGER observe_shown AFTER UPDATE OF state ON main.outbox_recipients
      WHEN new.state IS NOT old.state AND
        (SELECT class FROM main.outbox WHERE mesh = new.mesh AND id = new.id) = 'dm'
      BEGIN SELECT observe_shown(new.mesh, new.id, new.device, new.state, new.reason); END`
  ],
  [
    "inboxed",
    `CREATE TEMP TRIGGER observe_inboxed AFTER INSERT ON main.inbox
      BEGIN SELECT observe_inboxed(new.mesh, new.sender, new.id, new.text); END`
  ]
]

/** Observes a migrated database from now on, in the name of this run. */
export function observeDelivery({ disk, memberships, tell }: DaemonWorld): void {
  function deviceIn(mesh: string): string {
    const found = memberships.find(({ made }) => made.membership.mesh === mesh)
    return found?.made.members.get(found.name)?.device ?? ""
  }
  function accepted(mesh: string, id: string) {
    const message: Row = disk.prepare(
      "SELECT content, ttl FROM outbox WHERE mesh = ? AND id = ?"
    ).get(mesh, id) ?? {}
    const to = disk.prepare("SELECT device FROM outbox_recipients WHERE mesh = ? AND id = ?")
      .all(mesh, id).map(({ device }) => String(device))
    const { content, ttl } = message
    const text = content instanceof Uint8Array ? fromUtf8(content) ?? "" : ""
    tell({ type: "accepted", mesh, sender: deviceIn(mesh), id, to, text, ttl: Number(ttl) })
  }
  disk.observe(DELIVERY_TRIGGERS, {
    accepted: ([mesh, id]) => accepted(String(mesh), String(id)),
    shown: ([mesh, id, recipient, state, reason]) => {
      const of = { mesh: String(mesh), sender: deviceIn(String(mesh)), id: String(id) }
      const why = typeof reason === "string" ? reason : undefined
      tell({
        type: "shown",
        ...of,
        recipient: String(recipient),
        state: String(state),
        reason: why
      })
    },
    inboxed: ([mesh, sender, id, text]) => {
      const device = deviceIn(String(mesh))
      const of = { mesh: String(mesh), sender: String(sender), id: String(id) }
      tell({ type: "inboxed", ...of, device, text: String(text) })
    }
  })
}
