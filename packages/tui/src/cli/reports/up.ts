/**
 * The report of `claudemesh up`: what runs, how somebody joins.
 *
 * @module
 */
import { DaemonStatus, InviteView } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { counted, type Page, pairs, toned } from "../page.ts"
import { itemReport } from "../report.ts"
import { safeLine } from "../terminal_text.ts"
import { Time, until } from "../times.ts"
import { linkWord, MeshView, youAre } from "./mesh.ts"

const Up = Schema.Struct({
  /** Whether this very command has started it, or found it running. */
  state: Schema.Literals(["started", "running"]),
  home: DaemonStatus.fields.home,
  pid: DaemonStatus.fields.pid,
  broker: Schema.Struct({ origin: Schema.String, local_only: Schema.Boolean }),
  meshes: Schema.Array(MeshView),
  invite: Schema.optionalKey(Schema.Struct({ ...InviteView.fields, expires: Time }))
})
export type Up = typeof Up.Type

/** `up` */
export const upReport = itemReport({
  kind: "up",
  schema: Up,
  fields: Object.keys(Up.fields),
  text: textOfUp
})

function textOfUp(up: Up, page: Page): string {
  const meshes = up.meshes.map((mesh) =>
    [
      `mesh ${mesh.name}`,
      `you are ${youAre(mesh)}, ${counted(mesh.members, "member")}, ${linkWord(mesh.link)}`
    ] as const
  )
  const headline = up.state === "started" ? "claudemesh is up" : "claudemesh is up already"
  const facts = pairs(page, [
    ["broker", up.broker.origin],
    ["daemon", `pid ${up.pid}, home ${up.home}`],
    ...meshes,
    ["invite", page.plain ? up.invite?.link : worthOfInvite(up, page)]
  ])
  const link = page.plain || up.invite?.link === undefined ? "" : `  ${safeLine(up.invite.link)}`
  return [toned(page, headline, "bold"), facts, link]
    .filter((part) => part !== "")
    .join(page.plain ? "\n" : "\n\n")
}

function worthOfInvite({ broker, invite }: Up, page: Page): string | undefined {
  if (invite === undefined) return undefined
  const uses = counted(invite.max_uses - invite.uses, "use")
  const reach = broker.local_only ? "; from this machine alone (see up --help)" : ""
  return `${uses} left, ends ${until(page.now, invite.expires)}${reach}`
}
