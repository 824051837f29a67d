/**
 * Reports of meshes: one line each in a list, a block for one.
 *
 * @module
 */
import { Link, MeshDetail, MeshStatus } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { NO_MESH } from "../home_warnings.ts"
import { type Column, counted, type Page, pairs, table, type Tone, toned } from "../page.ts"
import { itemReport, listReport } from "../report.ts"
import { ago, Time } from "../times.ts"

const LinkView = Schema.Struct({ ...Link.fields, since: Time })

/** A mesh as JSON says it. */
export const MeshView = Schema.Struct({ ...MeshStatus.fields, link: LinkView })

const MeshDetailView = Schema.Struct({ ...MeshDetail.fields, link: LinkView })

const LINK_WORDS = {
  attached: { word: "connected", tone: "good" },
  connecting: { word: "connecting", tone: "warning" },
  offline: { word: "offline", tone: "warning" },
  refused: { word: "refused", tone: "bad" }
} as const satisfies Record<Link["state"], { word: string; tone: Tone }>

/** How a mesh is connected, in a word, with the reason where it is not. */
export function linkWord({ message, state }: Link): string {
  const { word } = LINK_WORDS[state]
  return message === undefined || state === "attached" ? word : `${word}: ${message}`
}

/** The tone of that word. */
export function linkTone({ state }: Link): Tone {
  return LINK_WORDS[state].tone
}

const columns: ReadonlyArray<Column<MeshStatus>> = [
  { title: "MESH", cell: ({ name }) => name, tone: ({ current }) => current ? "bold" : undefined },
  { title: "", cell: ({ current }) => current ? "current" : "" },
  { title: "YOU ARE", cell: youAre },
  { title: "MEMBERS", cell: ({ members }) => String(members) },
  { title: "UNREAD", cell: ({ unread }) => String(unread) },
  { title: "QUEUED", cell: ({ queued }) => String(queued) },
  {
    title: "LINK",
    cell: ({ link }) => LINK_WORDS[link.state].word,
    tone: ({ link }) => linkTone(link)
  },
  { title: "BROKER", cell: ({ broker }) => broker }
]

/** Who we are in a mesh: `ada@laptop (admin)`. */
export function youAre(
  { device, member, role }: Pick<MeshStatus, "device" | "member" | "role">
): string {
  return `${member}@${device}${role === "admin" ? " (admin)" : ""}`
}

/** Meshes, one line each. */
export function textOfMeshes(meshes: ReadonlyArray<MeshStatus>, page: Page): string {
  if (meshes.length === 0) {
    return page.plain ? "" : NO_MESH
  }
  return table(page, columns, meshes)
}

/** One mesh, in a block. */
export function textOfMesh(mesh: MeshStatus, page: Page): string {
  return pairs(page, [
    ["mesh", mesh.name],
    ["id", mesh.mesh],
    ["you are", youAre(mesh)],
    ["members", String(mesh.members)],
    ["broker", mesh.broker],
    ["link", `${linkWord(mesh.link)}, since ${ago(page.now, mesh.link.since)}`],
    ["unread", String(mesh.unread)],
    ["queued", String(mesh.queued)]
  ])
}

function textOfMeshDetail(mesh: MeshDetail, page: Page): string {
  const devices = mesh.roster.flatMap((member) =>
    member.devices.map((device) => ({ ...member, ...device }))
  )
  const roster = table(page, [
    { title: "MEMBER", cell: ({ member }) => member },
    { title: "ROLE", cell: ({ role }) => role },
    { title: "DEVICE", cell: ({ device }) => device },
    { title: "ID", cell: ({ device_id }) => device_id }
  ], devices)
  const log = pairs(page, [
    ["root key", mesh.root],
    [
      "history",
      `${counted(mesh.head.seq, "change")}, ${mesh.head.hash}`
    ]
  ])
  return [textOfMesh(mesh, page), log, page.plain ? roster : `\n${roster}`].join("\n")
}

/** `mesh.list` */
export const meshList = listReport({
  kind: "mesh.list",
  schema: MeshView,
  fields: Object.keys(MeshView.fields),
  text: ({ items }, page) => textOfMeshes(items, page)
})

/** `mesh.detail` */
export const meshDetail = itemReport({
  kind: "mesh.detail",
  schema: MeshDetailView,
  fields: Object.keys(MeshDetailView.fields),
  text: textOfMeshDetail
})

/** A report of one mesh after something was done to it, which the headline says. */
export function meshDone(kind: string, headline: (mesh: MeshStatus) => string) {
  return itemReport({
    kind,
    schema: MeshView,
    fields: Object.keys(MeshView.fields),
    text: (mesh, page) =>
      page.plain
        ? textOfMesh(mesh, page)
        : `${toned(page, headline(mesh), "bold")}\n\n${textOfMesh(mesh, page)}`
  })
}
