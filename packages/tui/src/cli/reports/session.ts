/**
 * Reports of agent runs: which there are, what they are for, and what they do.
 *
 * @module
 */
import { capabilitiesText } from "@claudemesh/protocol/capabilities"
import { groupsText } from "@claudemesh/protocol/groups_text"
import { Session } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { type Column, type Page, pairs, table } from "../page.ts"
import { itemReport, listReport } from "../report.ts"
import { safeLine } from "../terminal_text.ts"
import { ago, rfc3339, Time } from "../times.ts"

const View = Schema.Struct({
  ...Session.fields,
  started_at: Time,
  ended_at: Schema.optionalKey(Time)
})

const STATUS_TONES = { working: "good", idle: undefined, dnd: "warning" } as const satisfies Record<
  Session["status"],
  "good" | "warning" | undefined
>

/** What it is for stands at the end, and is left out for people where nothing is said of it. */
function columnsFor(
  { now, plain }: Page,
  sessions: ReadonlyArray<Session>
): ReadonlyArray<Column<Session>> {
  const isDescribed = sessions.some(({ groups, role }) => (groups ?? role) !== undefined)
  return [
    { title: "NAME", cell: ({ name }) => name },
    {
      title: "STATUS",
      cell: ({ ended_at, status }) => ended_at === undefined ? status : "ended",
      tone: ({ ended_at, status }) => ended_at === undefined ? STATUS_TONES[status] : "dim"
    },
    { title: "MODE", cell: ({ mode }) => mode },
    { title: "BY", cell: ({ carrier }) => carrier ?? "" },
    { title: "AGENT", cell: ({ agent }) => agent ?? "" },
    {
      title: "SINCE",
      cell: ({ ended_at, started_at }) => timeText(ended_at ?? started_at, { now, plain })
    },
    { title: "FOLDER", cell: ({ cwd }) => safeLine(cwd) },
    { title: "ID", cell: ({ id }) => id },
    ...(plain || isDescribed ? DESCRIPTION : [])
  ]
}

const DESCRIPTION: ReadonlyArray<Column<Session>> = [
  { title: "ROLE", cell: ({ role }) => role ?? "" },
  { title: "GROUPS", cell: ({ groups }) => groupsText(groups ?? []) }
]

function timeText(time: number, { now, plain }: Pick<Page, "now" | "plain">): string {
  return plain ? rfc3339(time) : ago(now, time)
}

/** `session.list` */
export const sessionList = listReport({
  kind: "session.list",
  schema: View,
  fields: Object.keys(View.fields),
  text: ({ items }, page) =>
    items.length === 0 && !page.plain
      ? "No agent runs here: claudemesh launch starts one"
      : table(page, columnsFor(page, items), items)
})

/** `session.revised`: what a person has changed of an agent run. */
export const sessionRevised = itemReport({
  kind: "session.revised",
  schema: View,
  fields: Object.keys(View.fields),
  text: ({ caps = [], groups = [], id, mode, name, role = "", status }: Session, { plain }) => {
    const inGroups = groupsText(groups)
    const limit = capabilitiesText(caps)
    if (plain) return [id, name, mode, status, role, inGroups, limit].join("\t")
    const said = [
      mode,
      status,
      role,
      inGroups === "" ? "" : `in ${inGroups}`,
      limit === "" ? "" : `may only ${limit}`
    ]
    return `${name}: ${said.filter((part) => part !== "").join(", ")}`
  }
})

/** `session.detail`: all that is known of one. */
export const sessionDetail = itemReport({
  kind: "session.detail",
  schema: View,
  fields: Object.keys(View.fields),
  text: (session: Session, page: Page) =>
    pairs(page, [
      ["session", session.name],
      ["id", session.id],
      ["role", session.role],
      ["groups", session.groups === undefined ? undefined : groupsText(session.groups)],
      ["may", capabilitiesText(session.caps ?? null)],
      ["status", session.status],
      ["mode", session.mode],
      ["by", session.carrier],
      ["acts", session.unprompted ? "without asking you" : "after asking you"],
      ["mesh", session.mesh],
      ["agent", session.agent],
      ["folder", session.cwd],
      ["process", `${session.pid}`],
      ["since", timeText(session.started_at, page)]
    ])
})
