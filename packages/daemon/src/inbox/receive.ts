/**
 * Takes what a broker pushes: verify, open, commit; then, and only then, the acknowledgement.
 *
 * A batch of entries is one commit. What cannot be accepted is answered with a
 * verdict and acknowledged, so that it blocks nothing. Ids say what is known
 * already, never the broker's numbers: one that went back in time gives the
 * numbers that we have read to new messages.
 *
 * @module
 */
import type { Push, Refused } from "@claudemesh/protocol"
import { Context, Effect, Layer } from "effect"
import type { Attachment } from "../broker_link/attachment.ts"
import type { LinkLost } from "../broker_link/broker_transport.ts"
import { makeMailboxMarks } from "../broker_link/mailbox_marks.ts"
import { Calls } from "../calls/calls.ts"
import { HealthNotes } from "../health.ts"
import { LocalEvents } from "../local_api/events.ts"
import { Views } from "../local_api/views.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { type Checked, makeCheckEntry } from "./check_entry.ts"
import { holdWhileFull } from "./hold_while_full.ts"
import { type Arrival, makeStoreEntry } from "./store_entry.ts"

/** Takes what a broker pushes. */
export class Receiver extends Context.Service<Receiver, {
  /** Commits the entries, in their order; the last number may then be acknowledged. */
  readonly receive: (
    attachment: Attachment,
    pushes: ReadonlyArray<Push>
  ) => Effect.Effect<void, LinkLost | Refused>
}>()("@claudemesh/daemon/inbox/receive/Receiver") {
  static readonly layer = Layer.effect(
    Receiver,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const health = yield* HealthNotes
      const events = yield* LocalEvents
      const views = yield* Views
      const calls = yield* Calls
      const marks = yield* makeMailboxMarks
      const check = yield* makeCheckEntry
      const store = yield* makeStoreEntry

      const announce = Effect.fnUntraced(function*(arrival: Arrival) {
        if (!("row" in arrival)) return yield* calls.act(arrival)
        const message = yield* views.received(arrival.row)
        yield* events.publish({ type: "received", message })
      })
      function remember(mesh: Mesh, entries: ReadonlyArray<Checked>) {
        return marks.read(mesh.id, entries.flatMap(readEntryOf))
      }
      // A note is made once, however often a broker gives reason for it.
      const noteFaults = Effect.fnUntraced(function*(mesh: Mesh, checked: Checked) {
        if ("unreadable" in checked) {
          yield* health.note(`Mesh "${mesh.name}": its broker passes on what is no message`)
        } else if ("verdict" in checked && checked.verdict === "membership_fork") {
          yield* health.note(
            `Mesh "${mesh.name}": a member sees another membership log than this machine does`
          )
        }
      })

      const receive = Effect.fn("Receiver.receive")(
        function*(attachment: Attachment, pushes: ReadonlyArray<Push>) {
          const mesh = yield* meshes.find(attachment.mesh)
          const checked = yield* Effect.forEach(pushes, (push) => check(attachment, push))
          const last = checked.at(-1)
          if (last === undefined) return
          const storing = Effect.forEach(checked, (entry) => store(mesh, entry)).pipe(
            Effect.tap(remember(mesh, checked))
          )
          // A connection that ends now must not leave something here that nobody was told of.
          const commit = meshes.commitRead(mesh.id, last.seq, storing).pipe(
            Effect.flatMap((arrived) => Effect.forEach(arrived.flat(), announce)),
            Effect.uninterruptible
          )
          yield* holdWhileFull(health, commit)
          yield* Effect.forEach(checked, (entry) => noteFaults(mesh, entry), { discard: true })
        }
      )
      return Receiver.of({ receive })
    })
  )
}

function readEntryOf(entry: Checked) {
  if ("unreadable" in entry) return []
  return [{ seq: entry.seq, envelope: "opened" in entry ? entry.opened.envelope : entry.envelope }]
}
