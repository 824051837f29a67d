/**
 * What a verb reports: one value, said as text to people and as JSON to programs.
 *
 * Both come from the same value, so that neither knows more than the other.
 *
 * @module
 */
import { Effect, Schema } from "effect"
import type { Page } from "./page.ts"

/** What JSON calls the members of a value. */
export type JsonObject = Readonly<Record<string, unknown>>

/** A kind of answer: its JSON form, and its text. */
export interface Report<Value> {
  /** Names the form of the answer, such as `peer.list`; what it means is added to, never changed. */
  readonly kind: string
  /** What `--json NAME,NAME` may choose from. */
  readonly fields: ReadonlyArray<string>
  readonly json: (value: Value) => Effect.Effect<JsonAnswer>
  readonly text: (value: Value, page: Page) => string
}

/** One thing, or a list of things with what is to be said of the list as a whole. */
export type JsonAnswer =
  | { readonly item: JsonObject }
  | { readonly items: ReadonlyArray<JsonObject>; readonly page?: JsonObject }

/** A list of things; `page` says what the list leaves out. */
export interface Listed<Item, ListPage extends JsonObject = JsonObject> {
  readonly items: ReadonlyArray<Item>
  readonly page?: ListPage
}

interface Described<Item, Value> {
  readonly kind: string
  readonly schema: Schema.Codec<Item, JsonObject>
  readonly fields: ReadonlyArray<string>
  readonly text: (value: Value, page: Page) => string
}

/** A report of one thing. */
export function itemReport<Item>(
  { fields, kind, schema, text }: Described<Item, Item>
): Report<Item> {
  return {
    kind,
    fields,
    text,
    json: (value) => Effect.map(encode(schema, value), (item) => ({ item }))
  }
}

/** A report of a list. */
export function listReport<Item, ListPage extends JsonObject = JsonObject>(
  { fields, kind, schema, text }: Described<Item, Listed<Item, ListPage>>
): Report<Listed<Item, ListPage>> {
  return {
    kind,
    fields,
    text,
    json: ({ items, page }) =>
      Effect.map(
        Effect.forEach(items, (item) => encode(schema, item)),
        (items) => ({ items, ...(page !== undefined && { page }) })
      )
  }
}

/** The answer with only the named members of its things. */
export function chosen(answer: JsonAnswer, fields: ReadonlyArray<string>): JsonAnswer {
  if ("item" in answer) return { item: picked(answer.item, fields) }
  return { ...answer, items: answer.items.map((item) => picked(item, fields)) }
}

/** What a verb says of itself cannot fail to encode: if it does, that is a bug. */
function encode<Item>(schema: Schema.Codec<Item, JsonObject>, item: Item) {
  return Effect.orDie(Schema.encodeEffect(schema)(item))
}

function picked(item: JsonObject, fields: ReadonlyArray<string>): JsonObject {
  return Object.fromEntries(fields.flatMap((field) => field in item ? [[field, item[field]]] : []))
}
