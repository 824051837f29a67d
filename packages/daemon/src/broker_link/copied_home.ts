/**
 * Keeps clear of a copy of this home: says that there is one, and takes no number that it may have taken.
 *
 * A home that is put back from a backup cannot always tell that it is one. But
 * it is started then: so the first attach of a run goes on above all numbers
 * that there ever were.
 *
 * @module
 */
import type { Attached, DeviceId } from "@claudemesh/protocol"
import { Effect, Ref } from "effect"
import { HealthNotes } from "../health.ts"
import type { Mesh } from "../meshes/meshes.ts"
import { makeMailboxMarks } from "./mailbox_marks.ts"

/** Takes over what an attach tells of others who have our keys. */
export const makeNoteCopy = Effect.gen(function*() {
  const marks = yield* makeMailboxMarks
  const health = yield* HealthNotes
  const attachedBefore = yield* Ref.make<ReadonlySet<DeviceId>>(new Set())

  return Effect.fnUntraced(function*({ id, identity, name }: Mesh, attached: Attached) {
    const { epoch, sseq_floor: sseqFloor, store_epoch: storeEpoch } = attached
    const isElsewhere = yield* marks.attached(id, { epoch, storeEpoch })
    const before = yield* Ref.getAndUpdate(
      attachedBefore,
      (devices) => new Set([...devices, identity.deviceId])
    )
    if (isElsewhere || !before.has(identity.deviceId)) yield* marks.skipTo(id, sseqFloor)
    if (isElsewhere) yield* health.note(copyNote(name))
  })
})

function copyNote(mesh: string): string {
  return `Mesh "${mesh}": the keys of this home were used elsewhere since it was last connected. If it was ` +
    "put back from a backup, all is well; if another machine has a copy of it, leave the mesh on " +
    "one of them and join again there"
}
