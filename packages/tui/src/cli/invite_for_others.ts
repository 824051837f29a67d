/**
 * Shows an invite as others can use it: under the public URL, where this home's own broker has one.
 *
 * A mesh keeps the address at which this machine has founded or joined it,
 * often one of this machine alone. The broker is the same under all its names.
 *
 * @module
 */
import { brokerDataIn, homeDirectory } from "@claudemesh/daemon"
import type { InviteView } from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import { recall, type Remembered } from "./embedded_broker.ts"

/** The invite with the link to pass on; any other broker's is left as it is. */
export const inviteForOthers = Effect.fn("inviteForOthers")(function*(invite: InviteView) {
  const { directory } = yield* Effect.orDie(homeDirectory)
  const broker = yield* recall(brokerDataIn(directory))
  if (invite.link === undefined || Option.isNone(broker)) return invite
  return { ...invite, link: linkAt(broker.value, invite.link) }
})

function linkAt({ origin, origins = [], public_url }: Remembered, link: string): string {
  const dialled = URL.parse(link)?.origin
  const isOwn = dialled !== undefined && origins.includes(dialled)
  return isOwn && public_url !== undefined ? origin + link.slice(dialled.length) : link
}
