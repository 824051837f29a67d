/**
 * Changes one node of a JSON value, whatever kind it is: removed, swapped, retyped, at an edge, too deep, too many.
 *
 * @module
 */
import type { Draw, Json } from "../mutations.ts"
import { edgeNumbers, oddKeys, oddValues, rawTexts } from "./hostile_values.ts"
import {
  countNodes,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  nodeAt,
  type Path,
  pathTo,
  withNode
} from "./json_tree.ts"
import { oddlyChanged } from "./odd_text.ts"
import { pickOne } from "./quick_draw.ts"

/** What a change may draw on: chance, and another value to take from. */
export interface Means {
  readonly draw: Draw
  readonly donor: Json
}

/** The node after the change; nothing takes it out. */
type Change<Node> = (node: Node, means: Means) => Json | undefined

/** How long the text of a flooded array is: it fits a frame. */
const FLOOD_CHARACTERS = 60_000

const anyChanges: ReadonlyArray<Change<Json>> = [
  () => undefined,
  (_, { draw }) => pickOne(oddValues, draw),
  (_, { draw }) => rawToken(draw(rawTexts.length)),
  (_, { donor, draw }) => nodeAt(donor, somePath(donor, draw)),
  (node) => [node],
  (node) => ({ value: node }),
  retyped
]

const textChanges: ReadonlyArray<Change<string>> = [(text, { draw }) => oddlyChanged(text, draw)]

const numberChanges: ReadonlyArray<Change<number>> = [
  (_, { draw }) => pickOne(edgeNumbers, draw),
  (number, { draw }) => number + draw(3) - 1,
  (number) => -number
]

const arrayChanges: ReadonlyArray<Change<ReadonlyArray<Json>>> = [
  (items, { draw }) => items.toSpliced(draw(items.length + 1), 1),
  (items, { draw }) => items.length === 0 ? [null] : [...items, pickOne(items, draw)],
  (items) => items.toReversed(),
  (items) => [...items, ...items],
  () => [],
  (items, { draw }) => draw(8) === 0 ? flooded(items[0] ?? 0) : [...items, pickOne(oddValues, draw)]
]

const objectChanges: ReadonlyArray<Change<JsonObject>> = [
  (object, { draw }) => ({ ...object, [pickOne(oddKeys, draw)]: pickOne(oddValues, draw) }),
  (object, { donor, draw }) => ({ ...object, ...nodeOfKind(donor, isJsonObject, draw) }),
  (object, { draw }) => renamed(object, draw),
  (object, { draw }) => withoutOne(object, draw),
  swappedValues,
  (object) => Object.fromEntries(Object.entries(object).toReversed())
]

/** The value with one of its nodes changed. */
export function mutatedTree(tree: Json, means: Means): Json {
  return withNode(tree, somePath(tree, means.draw), (node) => changed(node, means))
}

/** The text of a value, with what no value can say where the mutation put it. */
export function written(tree: Json): string {
  const text = JSON.stringify(tree)
  return text.includes("\"@raw:")
    ? text.replace(/"@raw:(\d+)@"/g, (_, index: string) => rawTexts[Number(index)] ?? "")
    : text
}

function somePath(tree: Json, draw: Draw): Path {
  return pathTo(tree, draw(countNodes(tree)))
}

function rawToken(index: number): string {
  return `@raw:${index}@`
}

function changed(node: Json, means: Means): Json | undefined {
  if (means.draw(2) === 0) return pickOne(anyChanges, means.draw)(node, means)
  if (typeof node === "string") return pickOne(textChanges, means.draw)(node, means)
  if (typeof node === "number") return pickOne(numberChanges, means.draw)(node, means)
  if (isJsonArray(node)) return pickOne(arrayChanges, means.draw)(node, means)
  if (isJsonObject(node)) return pickOne(objectChanges, means.draw)(node, means)
  return pickOne(oddValues, means.draw)
}

/** The same content as another kind of value. */
function retyped(node: Json): Json {
  if (typeof node === "number" || typeof node === "boolean") return String(node)
  if (typeof node === "string") {
    return node === "" || Number.isNaN(Number(node))
      ? node.split("")
      : +node
  }
  if (isJsonArray(node)) return Object.fromEntries(node.map((item, at) => [`${at}`, item]))
  return isJsonObject(node) ? Object.values(node) : "null"
}

function flooded(item: Json): Json {
  const length = Math.floor(FLOOD_CHARACTERS / (written(item).length + 1))
  return Array.from({ length }, () => item)
}

function nodeOfKind<Kind extends Json>(
  tree: Json,
  isOfKind: (node: Json | undefined) => node is Kind,
  draw: Draw
): Kind | undefined {
  const node = nodeAt(tree, somePath(tree, draw))
  return isOfKind(node) ? node : undefined
}

function renamed(object: JsonObject, draw: Draw): Json {
  const entries = Object.entries(object)
  const at = draw(entries.length + 1)
  return Object.fromEntries(
    entries.map(([key, value], index) => [index === at ? oddlyChanged(key, draw) : key, value])
  )
}

function withoutOne(object: JsonObject, draw: Draw): Json {
  const entries = Object.entries(object)
  return Object.fromEntries(entries.toSpliced(draw(entries.length + 1), 1))
}

/** Two fields with each other's values. */
function swappedValues(object: JsonObject, { draw }: Means): Json {
  const keys = Object.keys(object)
  const [one, other] = [keys[draw(keys.length + 1)], keys[draw(keys.length + 1)]]
  if (one === undefined || other === undefined) return object
  return { ...object, [one]: object[other] ?? null, [other]: object[one] ?? null }
}
