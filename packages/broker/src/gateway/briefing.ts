/**
 * Sends a device that has just attached what it lacks: statements, who is there, entries; in this order.
 *
 * The attachment is registered before, so that what happens meanwhile is either
 * sent to it at once or found in the store, and nothing falls in between.
 *
 * @module
 */
import { closeCodes, liveDevice, liveDevices, type Membership } from "@claudemesh/protocol"
import { Effect } from "effect"
import { CatchUp } from "../logs/catch_up.ts"
import { MembershipLog } from "../membership/membership_log.ts"
import { tell } from "../membership/membership_news.ts"
import { presencePages } from "../presence/lease_keeper.ts"
import { Roster } from "../presence/roster.ts"
import type { Attachment } from "./attachments.ts"
import type { Connection } from "./connection.ts"
import { untilReady } from "./until_ready.ts"

/** Statements read from the store at once. */
const STATEMENTS_PAGE_LENGTH = 64

/** A device that was attached a moment ago. */
export interface Newcomer {
  readonly connection: Connection
  readonly attachment: Attachment
  /** From now on its reader may push. */
  readonly start: () => void
}

/** Needs logs of both kinds, and the roster. */
export const makeBriefing = Effect.gen(function*() {
  const log = yield* MembershipLog
  const roster = yield* Roster
  const catchUp = yield* CatchUp

  const sendStatements = Effect.fnUntraced(function*({ attachment, connection }: Newcomer) {
    const { mesh } = attachment.mailbox
    while (attachment.isLive()) {
      const membership = yield* log.find(mesh)
      if (attachment.toldUpto >= membership.head.seq) break
      tell(
        attachment,
        membership,
        yield* log.read(mesh, attachment.toldUpto, STATEMENTS_PAGE_LENGTH)
      )
      yield* untilReady(connection)
    }
  })

  function sendPresence({ mailbox: { mesh }, send }: Attachment, membership: Membership) {
    const devices = liveDevices(membership).map(({ id }) => id)
    for (const items of presencePages(roster.snapshot(mesh, devices))) {
      send({ type: "presence", mesh, items })
    }
  }

  return Effect.fnUntraced(function*(newcomer: Newcomer) {
    const { attachment, start } = newcomer
    const { device, mesh } = attachment.mailbox
    yield* sendStatements(newcomer)
    const membership = yield* log.find(mesh)
    // It may have been revoked after it was checked and before it was registered.
    if (liveDevice(membership, device) === undefined) return attachment.end("revoked_device")
    sendPresence(attachment, membership)
    start()
    catchUp.request(attachment)
  }, (briefing, { connection }) =>
    // The device is attached already: all that is left is to let it try again.
    Effect.catch(briefing, () =>
      Effect.sync(() => connection.close(closeCodes.overloaded, "the store failed"))))
})
