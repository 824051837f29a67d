/**
 * Announces who came, is away or has gone: one frame for each mesh with news, twice a second.
 *
 * @module
 */
import type { DevicePresence } from "@claudemesh/protocol"
import { Effect, Layer, Schedule } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import { Attachments } from "../gateway/attachments.ts"
import { makeOutageReport } from "../outage_report.ts"
import { Roster } from "./roster.ts"

/** Presences of one frame. */
const ITEMS_PER_FRAME_MAX = 256

/** Runs on its interval for as long as the layer lives. */
export const layer = Layer.effectDiscard(Effect.gen(function*() {
  const roster = yield* Roster
  const attachments = yield* Attachments
  const { presenceMillis } = yield* BrokerLimits

  const report = makeOutageReport("Cannot announce who is there")

  const announce = Effect.sync(() => {
    for (const { items, mesh } of roster.takeChanges()) {
      for (const page of presencePages(items)) {
        for (const { send } of attachments.ofMesh(mesh)) {
          send({ type: "presence", mesh, items: page })
        }
      }
    }
  })

  yield* report(announce).pipe(
    Effect.repeat(Schedule.spaced(presenceMillis)),
    Effect.forkScoped
  )
}))

/** Pages that fit a frame, in order. */
export function presencePages(
  items: ReadonlyArray<DevicePresence>
): ReadonlyArray<ReadonlyArray<DevicePresence>> {
  const pages = Math.ceil(items.length / ITEMS_PER_FRAME_MAX)
  return Array.from(
    { length: pages },
    (_, at) => items.slice(at * ITEMS_PER_FRAME_MAX, (at + 1) * ITEMS_PER_FRAME_MAX)
  )
}
