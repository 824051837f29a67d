/**
 * Sends what waits, in the order of acceptance, for as long as a mesh is attached.
 *
 * Messages are sealed here, for the newest prekeys. Several are under way at
 * once, but they leave in order and the broker takes them in order. One that
 * cannot be sent now waits, later each time, and with it whatever follows it to
 * the same device; all others go on.
 *
 * @module
 */
import type { Refused } from "@claudemesh/protocol"
import { Clock, Context, Effect, FiberHandle, Layer, Ref } from "effect"
import type { Attachment } from "../broker_link/attachment.ts"
import type { LinkLost } from "../broker_link/broker_transport.ts"
import { whenever } from "../counter.ts"
import { failingWhenFull } from "../disk_full.ts"
import { HealthNotes } from "../health.ts"
import { Meshes } from "../meshes/meshes.ts"
import { makeRecipientPrekeys, type RecipientPrekeys } from "../prekeys/recipient_prekeys.ts"
import { Delivery } from "./delivery.ts"
import { Outbox } from "./outbox.ts"
import { makeSendBatch } from "./send_batch.ts"

/** Messages under way at once. */
const UNDER_WAY_MAX = 64

/** What is held up is looked at again within this time. */
const LOOK_MILLIS_MAX = 30_000

/** How soon it is tried again to write to a disk that was full. */
const SPACE_LOOK = "5 seconds"

const DISK_FULL = "The disk is full: nothing more is accepted or sent until there is space again"

/** Sends what waits. */
export class Drain extends Context.Service<Drain, {
  /** Sends for as long as the attachment lasts. */
  readonly run: (attachment: Attachment) => Effect.Effect<never, LinkLost | Refused>
}>()("@claudemesh/daemon/outbox/drain") {
  static readonly layer = Layer.effect(
    Drain,
    Effect.gen(function*() {
      const outbox = yield* Outbox
      const delivery = yield* Delivery
      const health = yield* HealthNotes
      const makePasses = yield* makePassMaker

      const run = Effect.fn("Drain.run")(function*(attachment: Attachment) {
        const { sendWaiting } = yield* makePasses(attachment)
        const again = yield* FiberHandle.make()
        const sendAndLookAgain = Effect.gen(function*() {
          const began = yield* Clock.currentTimeMillis
          const isHeldUp = yield* sendWaiting
          const due = (yield* outbox.millisUntilDue(attachment.mesh, began)) ?? Infinity
          // Whatever the clock did meanwhile, what is held up is looked at again.
          const wait = Math.min(due, isHeldUp ? LOOK_MILLIS_MAX : Infinity)
          if (wait < Infinity) yield* FiberHandle.run(again, Effect.delay(outbox.lookAgain, wait))
        })
        const resumed = Effect.andThen(delivery.resume(attachment.mesh), sendAndLookAgain)
        // What is accepted stays; there may be space again at any time.
        const tryAgain: Effect.Effect<void, LinkLost | Refused> = Effect.catchTag(
          failingWhenFull(Effect.delay(resumed, SPACE_LOOK)),
          "DiskFull",
          () => tryAgain
        )
        const onFull = Effect.scoped(Effect.andThen(health.during(DISK_FULL), tryAgain))
        // What has no answer by the end of the connection is under way no more.
        yield* Effect.addFinalizer(() => Effect.ignoreCause(delivery.resume(attachment.mesh)))
        return yield* whenever(
          outbox.version,
          Effect.catchTag(failingWhenFull(sendAndLookAgain), "DiskFull", () => onFull)
        )
      }, Effect.scoped)
      return Drain.of({ run })
    })
  )
}

/** How far a look through the outbox came, and what stood in the way. */
interface Look {
  readonly returned: number
  readonly after: number
  readonly blocked: Set<string>
}

/** Sends all that may leave, and tells whether something is held up; what was only added since the last time is looked at alone. */
const makePassMaker = Effect.gen(function*() {
  const outbox = yield* Outbox
  const meshes = yield* Meshes
  const sendBatch = yield* makeSendBatch

  const sendFrom = Effect.fnUntraced(
    function*(attachment: Attachment, prekeys: RecipientPrekeys, look: Look) {
      let { after } = look
      while (true) {
        const mesh = yield* meshes.find(attachment.mesh)
        const waiting = yield* outbox.pending(attachment.mesh, { after, limit: UNDER_WAY_MAX })
        const last = waiting.at(-1)
        if (last === undefined || mesh.membership === undefined) return after
        const { membership } = mesh
        const { blocked } = look
        yield* sendBatch({ attachment, mesh, membership, prekeys, blocked }, waiting)
        after = last.position
      }
    }
  )
  return Effect.fnUntraced(function*(attachment: Attachment) {
    const prekeys = yield* makeRecipientPrekeys(attachment.connection)
    let last: Look = { returned: -1, after: 0, blocked: new Set() }
    const sendWaiting = Effect.gen(function*() {
      const returned = yield* Ref.get(outbox.returned)
      const look = returned === last.returned
        ? last
        : { returned, after: 0, blocked: new Set<string>() }
      last = { ...look, after: yield* sendFrom(attachment, prekeys, look) }
      return last.blocked.size > 0
    })
    return { sendWaiting }
  })
})
