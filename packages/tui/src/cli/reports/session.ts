/**
 * Reports of agent runs: which there are, what they do, and what waits for a human before they see it.
 *
 * @module
 */
import { HeldMessage, Session } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { type Column, type Page, table, toned } from "../page.ts"
import { itemReport, listReport } from "../report.ts"
import { quoted, safeLine } from "../terminal_text.ts"
import { ago, rfc3339, Time } from "../times.ts"
import { Received } from "./message.ts"

const View = Schema.Struct({ ...Session.fields, started_at: Time })

const STATUS_TONES = { working: "good", idle: undefined, dnd: "warning" } as const satisfies Record<
  Session["status"],
  "good" | "warning" | undefined
>

function columnsFor({ now, plain }: Page): ReadonlyArray<Column<Session>> {
  return [
    { title: "NAME", cell: ({ name }) => name },
    {
      title: "STATUS",
      cell: ({ status }) => status,
      tone: ({ status }) => STATUS_TONES[status]
    },
    { title: "MODE", cell: ({ mode }) => mode },
    { title: "BY", cell: ({ carrier }) => carrier ?? "" },
    { title: "AGENT", cell: ({ agent }) => agent ?? "" },
    {
      title: "SINCE",
      cell: ({ started_at }) => plain ? rfc3339(started_at) : ago(now, started_at)
    },
    { title: "FOLDER", cell: ({ cwd }) => safeLine(cwd) },
    { title: "ID", cell: ({ id }) => id }
  ]
}

/** `session.list` */
export const sessionList = listReport({
  kind: "session.list",
  schema: View,
  fields: Object.keys(View.fields),
  text: ({ items }, page) =>
    items.length === 0 && !page.plain
      ? "No agent runs here: claudemesh launch starts one"
      : table(page, columnsFor(page), items)
})

/** `session.revised`: what a person has changed of an agent run. */
export const sessionRevised = itemReport({
  kind: "session.revised",
  schema: View,
  fields: Object.keys(View.fields),
  text: ({ id, mode, name, status }: Session, { plain }) =>
    plain ? `${id}\t${name}\t${mode}\t${status}` : `${name}: ${mode}, ${status}`
})

const Held = Schema.Struct({ ...HeldMessage.fields, message: Received, since: Time })

/** Why a message waits, as a person is told. */
const BECAUSE = {
  unknown_sender:
    "you have had nothing to do with its sender, and the agent asks nobody before it acts",
  loop: "two agents kept each other busy, and nobody was watching",
  client_hold: "the agent's client holds what peers say (crossSessionInbound)",
  client_refuse: "the agent's client refuses what peers say (crossSessionInbound)"
} as const satisfies Record<HeldMessage["because"], string>

function textOfHeld({ because, message, since }: HeldMessage, page: Page): string {
  const head = `${toned(page, safeLine(message.from), "bold")}  ${
    toned(page, `${ago(page.now, since)}  ${message.id}`, "dim")
  }`
  return [head, toned(page, BECAUSE[because], "warning"), quoted(message.text)].join("\n")
}

const heldColumns = [
  { title: "ID", cell: ({ message }: HeldMessage) => message.id },
  { title: "FROM", cell: ({ message }: HeldMessage) => message.from },
  { title: "BECAUSE", cell: ({ because }: HeldMessage) => because },
  { title: "SINCE", cell: ({ since }: HeldMessage) => rfc3339(since) }
]

/** `held.list` */
export const heldList = listReport({
  kind: "held.list",
  schema: Held,
  fields: Object.keys(Held.fields),
  text: ({ items }, page) => {
    if (page.plain) return table(page, heldColumns, items)
    return items.length === 0
      ? "Nothing waits for you"
      : items.map((held) => textOfHeld(held, page)).join("\n\n")
  }
})

const Decided = Schema.Struct({
  /** How many had waited. */
  changed: Schema.Int,
  decision: Schema.Literals(["accepted", "dropped"])
})

/** `held.decided` */
export const heldDecided = itemReport({
  kind: "held.decided",
  schema: Decided,
  fields: Object.keys(Decided.fields),
  text: ({ changed, decision }, { plain }) =>
    plain
      ? `${changed}\t${decision}`
      : `${decision} ${changed}${
        decision === "accepted" ? ": the agent is shown them now" : ": they stay in the inbox"
      }`
})
