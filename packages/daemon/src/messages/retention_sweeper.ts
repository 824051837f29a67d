/**
 * Removes messages that have been over for months: those sent whose end is known, and those read.
 *
 * Never what is unread, nor what still waits for its end. A machine whose clock
 * is set wrong must not lose its history: a mesh is swept while it is attached,
 * by the earlier of its broker's clock and ours.
 *
 * @module
 */
import { Clock, Effect, HashMap, Layer, Schedule, SubscriptionRef } from "effect"
import type { Attachment } from "../broker_link/attachment.ts"
import { MeshSession } from "../broker_link/mesh_session.ts"
import { Inbox } from "../inbox/inbox.ts"
import { Delivery } from "../outbox/delivery.ts"

/** How long messages are kept: longer than any sender may repeat one. */
export const KEPT_MILLIS = 90 * 86_400_000

/** How often it is looked. */
const SWEEP_INTERVAL = "1 hour"

/** Messages of one mesh and direction that one sweep removes: nothing else is stored meanwhile. */
const REMOVED_MAX = 500

/** Sweeps on its interval; a sweep that fails does not stop the next. */
export const layer: Layer.Layer<never, never, Delivery | Inbox | MeshSession> = Layer.effectDiscard(
  Effect.gen(function*() {
    const delivery = yield* Delivery
    const inbox = yield* Inbox
    const { attachments } = yield* MeshSession

    const sweepMesh = Effect.fnUntraced(function*({ brokerTime, mesh }: Attachment) {
      const now = Math.min(yield* brokerTime, yield* Clock.currentTimeMillis)
      const options = { before: now - KEPT_MILLIS, limit: REMOVED_MAX }
      const sent = yield* delivery.prune(mesh, options)
      const received = yield* inbox.prune(mesh, options)
      if (sent + received > 0) yield* Effect.logInfo("Removed old messages", { sent, received })
    })
    const sweep = Effect.flatMap(
      SubscriptionRef.get(attachments),
      (attached) => Effect.forEach(HashMap.values(attached), sweepMesh, { discard: true })
    )
    yield* sweep.pipe(
      Effect.catchCause((cause) => Effect.logError("Sweep failed", cause)),
      Effect.repeat(Schedule.spaced(SWEEP_INTERVAL)),
      Effect.annotateLogs({ service: "RetentionSweeper" }),
      Effect.forkScoped
    )
  })
)
