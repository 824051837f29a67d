/**
 * The report of a search: each message in a line, with the piece in which the words are.
 *
 * @module
 */
import { pageSizes, SearchHit } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { type Page, table, toned } from "../page.ts"
import { listReport } from "../report.ts"
import { safeLine } from "../terminal_text.ts"
import { ago, rfc3339 } from "../times.ts"
import { Message } from "./message.ts"

const Hit = Schema.Struct({ ...SearchHit.fields, message: Message })

/** What was found, and whether there is more. */
interface Hits {
  readonly items: ReadonlyArray<SearchHit>
  readonly page?: { readonly more: boolean }
}

function textOfHits({ items, page: list }: Hits, page: Page): string {
  if (page.plain) return table(page, columns, items)
  if (items.length === 0) return "Nothing found"
  const more = list?.more === true ? [moreNote(items.length)] : []
  return [
    ...items.map((hit) => textOfHit(hit, page)),
    ...more.map((line) => toned(page, line, "dim"))
  ].join("\n\n")
}

function moreNote(shown: number): string {
  return shown < pageSizes.search.max
    ? "there are older ones: --limit N, or more words"
    : "there are older ones: more words"
}

function textOfHit({ message, snippet }: SearchHit, page: Page): string {
  const subject = message.subject === undefined ? "" : `  ${safeLine(message.subject)}`
  const head = `${toned(page, safeLine(partiesOf(message)), "bold")}  ${
    toned(page, `${ago(page.now, timeOf(message))}  ${message.id}`, "dim")
  }${subject}`
  // Each part is made safe by itself: only what is marked here stands out.
  const piece = snippet.map(({ match, text }) => match ? marked(text, page) : safeLine(text))
  return `${head}\n  | ${piece.join("")}`
}

/** Bold, or in brackets where nothing can be bold. */
function marked(text: string, page: Page): string {
  return page.colour ? toned(page, safeLine(text), "bold") : `[${safeLine(text)}]`
}

function partiesOf(message: SearchHit["message"]): string {
  return message.direction === "sent" ? `to ${message.to}` : message.from
}

function timeOf(message: SearchHit["message"]): number {
  return message.direction === "sent" ? message.accepted_at : message.received_at
}

const columns = [
  { title: "ID", cell: ({ message }: SearchHit) => message.id },
  { title: "DIRECTION", cell: ({ message }: SearchHit) => message.direction },
  { title: "PEER", cell: ({ message }: SearchHit) => partiesOf(message).replace(/^to /, "") },
  { title: "AT", cell: ({ message }: SearchHit) => rfc3339(timeOf(message)) },
  { title: "SUBJECT", cell: ({ message }: SearchHit) => message.subject ?? "" },
  { title: "TEXT", cell: ({ snippet }: SearchHit) => snippet.map(({ text }) => text).join("") }
]

/** `search.list` */
export const searchList = listReport({
  kind: "search.list",
  schema: Hit,
  fields: Object.keys(Hit.fields),
  text: textOfHits
})
