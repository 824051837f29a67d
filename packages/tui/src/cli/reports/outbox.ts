/**
 * Reports of the outbox: what is on its way, what it waits for, and what has ended.
 *
 * @module
 */
import { OutboxEntry, type OutboxState, pageSizes } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { type Column, counted, type Page, pairs, table, toned } from "../page.ts"
import { itemReport, listReport } from "../report.ts"
import { quoted, safeLine } from "../terminal_text.ts"
import { ago, rfc3339, Time, until } from "../times.ts"
import { ladderText } from "./ladder.ts"
import { linkWord } from "./mesh.ts"
import { sentFields } from "./message.ts"
import { outboxWord, waitsWord, wholeWord } from "./outbox_words.ts"

/** A message of the outbox as JSON says it. */
export const Shown = Schema.Struct({
  ...OutboxEntry.fields,
  ...sentFields,
  next_attempt_at: Schema.optionalKey(Time),
  link: Schema.Struct({ ...OutboxEntry.fields.link.fields, since: Time })
})

/** Ends, so that a person sees them. */
const BAD: ReadonlySet<OutboxEntry["outbox_state"]> = new Set(["dead", "expired"])

/** Whether it ended without arriving, and nothing was sent in its place. */
export function isFailed({ outbox_state, superseded_by }: OutboxEntry): boolean {
  return BAD.has(outbox_state) && superseded_by === undefined
}

function columnsFor({ now, plain }: Page): ReadonlyArray<Column<OutboxEntry>> {
  return [
    { title: "ID", cell: ({ id }) => id },
    {
      title: "STATE",
      cell: ({ outbox_state }) => outboxWord(outbox_state),
      tone: ({ outbox_state }) => BAD.has(outbox_state) ? "bad" : undefined
    },
    { title: "TO", cell: ({ to }) => to },
    {
      title: "ACCEPTED",
      cell: ({ accepted_at }) => plain ? rfc3339(accepted_at) : ago(now, accepted_at)
    },
    { title: "RETRIES", cell: ({ attempts }) => `${attempts}` },
    { title: "WAITS FOR", cell: (entry) => waitsWord(entry, now) }
  ]
}

/** The list, and what is to be said of it as a whole: what was asked for, and what it leaves out. */
interface Outbox {
  readonly items: ReadonlyArray<OutboxEntry>
  readonly page?: {
    /** Absent, messages on their way were. */
    readonly state?: OutboxState | "any"
    /** Absent, those of all meshes were. */
    readonly mesh?: string
    readonly more: boolean
    readonly failed: number
  }
}

function textOfOutbox({ items, page: list }: Outbox, page: Page): string {
  const rows = table(page, columnsFor(page), items)
  if (page.plain) return rows
  const notes = [
    ...(list?.more === true ? [moreNote(items.length)] : []),
    ...(list !== undefined && list.failed > 0
      ? [
        `${
          counted(list.failed, "message")
        } ended without arriving: --state rejected, --state expired`
      ]
      : [])
  ].map((note) => toned(page, note, "dim"))
  return [items.length === 0 ? nothingNote(list) : rows, ...notes].join("\n")
}

function nothingNote({ mesh, state }: Partial<NonNullable<Outbox["page"]>> = {}): string {
  const ofMesh = mesh === undefined ? "" : ` in mesh "${safeLine(mesh)}"`
  if (state === "any") return `Nothing is in the outbox${ofMesh}`
  const where = state === undefined ? "on its way" : outboxWord(state)
  return `Nothing is ${where}${ofMesh}`
}

function moreNote(shown: number): string {
  return shown < pageSizes.outbox.max
    ? "There are more: --limit N"
    : "There are older ones, more than one list holds: --state and --mesh choose among them"
}

/** `outbox.list` */
export const outboxList = listReport({
  kind: "outbox.list",
  schema: Shown,
  fields: Object.keys(Shown.fields),
  text: textOfOutbox
})

/** Not every retry is because of a refusal. */
function retriesWord({ attempts, last_error }: OutboxEntry): string | undefined {
  if (attempts === 0) return undefined
  return last_error === undefined ? `${attempts}` : `${attempts}, the last: ${last_error}`
}

function textOfEntry(entry: OutboxEntry, page: Page): string {
  const { accepted_at, expires_at, link, mesh_name } = entry
  const why = waitsWord(entry, page.now)
  const isOpen = entry.waits_for !== undefined
  const facts = pairs(page, [
    ["message", entry.id],
    ["to", entry.to],
    ["mesh", `${mesh_name}, ${linkWord(link)}`],
    ["state", wholeWord(entry)],
    [isOpen ? "waits for" : "because", why === "" ? undefined : why],
    ["retries", retriesWord(entry)],
    ["accepted", rfc3339(accepted_at)],
    [
      isOpen ? "given up" : "was to be given up",
      isOpen ? until(page.now, expires_at) : rfc3339(expires_at)
    ],
    ["sent again as", entry.superseded_by],
    ["sent in place of", entry.supersedes],
    ["subject", entry.subject]
  ])
  return page.plain
    ? facts
    : `${facts}\n\n${ladderText(entry.recipients, page)}\n\n${quoted(entry.text)}`
}

/** `outbox.entry`: one message, with its ladder. */
export const outboxEntry = itemReport({
  kind: "outbox.entry",
  schema: Shown,
  fields: Object.keys(Shown.fields),
  text: textOfEntry
})

/** `outbox.changed`: a message that was taken back, or sent once more. */
export const outboxChanged = itemReport({
  kind: "outbox.changed",
  schema: Shown,
  fields: Object.keys(Shown.fields),
  text: ({ id, outbox_state, to }: OutboxEntry, page: Page) =>
    page.plain
      ? `${id}\t${outboxWord(outbox_state)}`
      : `${outboxWord(outbox_state)}  ${id}  to ${safeLine(to)}`
})
