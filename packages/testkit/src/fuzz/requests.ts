/**
 * Requests to an HTTP API, computed from its table: right ones, and ones with a few things wrong in method, path,
 * query, headers or body.
 *
 * @module
 */
import { HttpApi, type HttpApiGroup } from "effect/http-api"
import type { Draw, Json } from "../mutations.ts"
import { mutatedJsonText } from "./cases.ts"
import { oddKeys, oddTexts } from "./hostile_values.ts"
import { isJsonObject } from "./json_tree.ts"
import { oddlyChanged } from "./odd_text.ts"
import { pickOne, quickDraw } from "./quick_draw.ts"
import { isPlainSchema, samplesOf } from "./samples.ts"

/** A request as a client writes it. */
export interface HostileRequest {
  /** Which row of the table it began as: `POST /v1/messages`. */
  readonly endpoint: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** What the schemas cannot know: values that mean something where the requests go. */
export interface RequestOptions {
  readonly name: string
  /** Bodies by endpoint. */
  readonly bodies?: Readonly<Record<string, ReadonlyArray<Json>>>
  /** Texts for queries and parts of a path. */
  readonly words?: ReadonlyArray<string>
}

/** A row of the table, as far as a request needs it. */
interface Row {
  readonly endpoint: string
  readonly method: string
  readonly path: string
  readonly query: unknown
  readonly headers: unknown
  readonly payload: unknown
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "TRACE"])
const CONTENT_TYPES = [
  "text/plain",
  "application/json;charset=utf-16",
  "multipart/form-data",
  "a/b/c",
  ""
]
const SAMPLES = 6

/** Parts of a path that decoders of paths have stumbled over. */
const ODD_PARTS = [
  "%",
  "%zz",
  "%00",
  "%ff%fe",
  "..",
  "..%2f..%2f",
  "//",
  ";a=b",
  "%c0%af",
  "a".repeat(4_000)
]

/** The request of each number, the same for ever. */
export function hostileRequests<Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>,
  { bodies = {}, name, words = [] }: RequestOptions
): (number: number) => HostileRequest {
  const rows = rowsOf(api)
  const bodiesOf = new Map(rows.map((row) => [
    row.endpoint,
    [bodies[row.endpoint] ?? [], samplesFor(row.payload, name)].filter(isFilled)
  ]))
  const queriesOf = new Map(rows.map((row) => [row.endpoint, samplesFor(row.query, name)]))
  const headersOf = new Map(rows.map((row) => [row.endpoint, samplesFor(row.headers, name)]))
  return (number) => {
    const draw = quickDraw(name, number)
    const row = pickOne(rows, draw)
    const method = draw(12) === 0 ? pickOne(METHODS, draw) : row.method
    return {
      endpoint: row.endpoint,
      method,
      path: pathOf(row, { draw, words }) +
        queryOf(queriesOf.get(row.endpoint) ?? [], { draw, words }),
      headers: headersFrom(headersOf.get(row.endpoint) ?? [], { draw, words }),
      body: BODILESS.has(method) ? undefined : bodyOf(bodiesOf.get(row.endpoint) ?? [], draw)
    }
  }
}

function isFilled(values: ReadonlyArray<Json>): boolean {
  return values.length > 0
}

function rowsOf<Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
): ReadonlyArray<Row> {
  const rows: Array<Row> = []
  HttpApi.reflect(api, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint: { headers, method, path, payload, query } }) => {
      const schemas = [...payload.values()].flatMap(({ schemas }) => schemas)
      rows.push({
        endpoint: `${method} ${path}`,
        method,
        path,
        query,
        headers,
        payload: schemas[0]
      })
    }
  })
  return rows
}

function samplesFor(schema: unknown, name: string): ReadonlyArray<Json> {
  return isPlainSchema(schema) ? samplesOf(schema, { seed: name, count: SAMPLES, size: 2 }) : []
}

interface Means {
  readonly draw: Draw
  readonly words: ReadonlyArray<string>
}

function pathOf({ path }: Row, { draw, words }: Means): string {
  const filled = path.replaceAll(/:\w+/g, () => someText({ draw, words }))
  if (draw(20) > 0) return filled
  return pickOne([
    `${filled}/`,
    `/${filled}`,
    `${filled}/${pickOne(ODD_PARTS, draw)}`,
    filled.toUpperCase()
  ], draw)
}

function queryOf(queries: ReadonlyArray<Json>, { draw, words }: Means): string {
  const query = queries.length === 0 ? {} : pickOne(queries, draw)
  const pairs = isJsonObject(query) ? Object.entries(query) : []
  const said = pairs.map(([key, value]) =>
    `${key}=${
      draw(2) === 0
        ? encoded(textOf(value))
        : someText({ draw, words })
    }`
  )
  if (draw(6) === 0) said.push(`${encoded(pickOne(oddKeys, draw))}=${someText({ draw, words })}`)
  if (draw(8) === 0) said.push(...said)
  return said.length === 0 ? "" : `?${said.join("&")}`
}

/** A word, a word gone wrong, or nonsense, as it may stand in a path. */
function someText({ draw, words }: Means): string {
  if (draw(8) === 0) return pickOne(ODD_PARTS, draw)
  const text = words.length === 0 || draw(4) === 0
    ? pickOne(oddTexts, draw).slice(0, 2_000)
    : pickOne(words, draw)
  return encoded(draw(3) === 0 ? oddlyChanged(text, draw) : text)
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).slice(0, 5_000)
}

function headersFrom(
  samples: ReadonlyArray<Json>,
  { draw, words }: Means
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { "content-type": "application/json" }
  const own = samples.length === 0 ? {} : pickOne(samples, draw)
  for (const [name, value] of isJsonObject(own) ? Object.entries(own) : []) {
    headers[name] = printable(
      draw(3) === 0 ? pickOne([...oddTexts, ...words], draw) : textOf(value)
    )
  }
  if (draw(12) === 0) headers["content-type"] = pickOne(CONTENT_TYPES, draw)
  if (draw(24) === 0) headers["origin"] = "http://evil.example"
  if (draw(24) === 0) headers["host"] = "evil.example"
  if (draw(8) === 0) headers[`x-${draw(1_000)}`] = printable(pickOne([...oddTexts, ...words], draw))
  return headers
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value)
}

/** What a client may put into a header. */
function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, "?").slice(0, 2_000)
}

/** From one of the sources: what was given, or what the schema makes. */
function bodyOf(sources: ReadonlyArray<ReadonlyArray<Json>>, draw: Draw): string {
  if (sources.length === 0) return pickOne(oddTexts, draw)
  return mutatedJsonText(pickOne(sources, draw), draw)
}
