/**
 * Reports of invites.
 *
 * @module
 */
import { InviteView } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { type Column, type Page, pairs, table } from "../page.ts"
import { itemReport, listReport } from "../report.ts"
import { rfc3339, Time, until } from "../times.ts"

const View = Schema.Struct({ ...InviteView.fields, expires: Time })
const fields = Object.keys(View.fields)

const columns: ReadonlyArray<Column<InviteView & { readonly ends: string }>> = [
  { title: "ID", cell: ({ id }) => id },
  {
    title: "STATE",
    cell: ({ state }) => state,
    tone: ({ state }) => state === "open" ? "good" : "dim"
  },
  { title: "ROLE", cell: ({ role }) => role },
  { title: "USED", cell: ({ max_uses, uses }) => `${uses} of ${max_uses}` },
  { title: "ENDS", cell: ({ ends }) => ends },
  { title: "BY", cell: ({ by }) => by }
]

function textOfInvites(invites: ReadonlyArray<InviteView>, page: Page): string {
  if (invites.length === 0) return page.plain ? "" : "No invites"
  return table(page, columns, invites.map((invite) => ({ ...invite, ends: ends(invite, page) })))
}

/** How long it can still be used; for a pipe the time itself, as everywhere. */
function ends({ expires }: InviteView, page: Page): string {
  return page.plain ? rfc3339(expires) : until(page.now, expires)
}

function textOfInvite(invite: InviteView, page: Page): string {
  return pairs(page, [
    ["invite", invite.id],
    ["mesh", invite.mesh_name],
    ["state", invite.state],
    ["role", invite.role],
    ["used", `${invite.uses} of ${invite.max_uses}`],
    ["ends", ends(invite, page)],
    ["by", invite.by],
    ["link", invite.link]
  ])
}

/** `invite.list` */
export const inviteList = listReport({
  kind: "invite.list",
  schema: View,
  fields,
  text: ({ items }, page) => textOfInvites(items, page)
})

/** `invite.created`: whoever has the link can join. */
export const inviteCreated = itemReport({
  kind: "invite.created",
  schema: View,
  fields,
  text: (invite, page) =>
    page.plain
      ? invite.link ?? invite.id
      : `${textOfInvite(invite, page)}\n\nWhoever has the link can join.`
})

/** `invite.revoked` */
export const inviteRevoked = itemReport({
  kind: "invite.revoked",
  schema: View,
  fields,
  text: textOfInvite
})
