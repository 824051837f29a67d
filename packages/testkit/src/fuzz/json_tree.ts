/**
 * The nodes of a JSON value: where they are, and the value with one of them changed.
 *
 * @module
 */
import type { Json } from "../mutations.ts"

/** An object of JSON. */
export type JsonObject = { readonly [key: string]: Json }

/** The way from the root to a node. */
export type Path = ReadonlyArray<string | number>

/** Whether it is an object, and no array. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isJsonArray(value)
}

/** Whether it is an array. */
export function isJsonArray(value: Json | undefined): value is ReadonlyArray<Json> {
  return Array.isArray(value)
}

/** How many nodes there are, the root among them. */
export function countNodes(tree: Json): number {
  let count = 1
  if (isJsonArray(tree)) { for (const item of tree) count += countNodes(item) }
  else if (isJsonObject(tree)) { for (const key in tree) count += countNodes(tree[key] ?? null) }
  return count
}

/** The way to the node of that number; the root is number 0. */
export function pathTo(tree: Json, number: number): Path {
  const path: Array<string | number> = []
  descend(tree, number, path)
  return path
}

/** Answers with how many numbers are left to go, or -1 when it is there. */
function descend(tree: Json, number: number, path: Array<string | number>): number {
  if (number === 0) return -1
  let left = number - 1
  if (typeof tree !== "object" || tree === null) return left
  for (const [step, inner] of Object.entries(tree)) {
    path.push(isJsonArray(tree) ? Number(step) : step)
    left = descend(inner, left, path)
    if (left < 0) return left
    path.pop()
  }
  return left
}

/** The node there, if there is one. */
export function nodeAt(tree: Json, path: Path): Json | undefined {
  let node: Json | undefined = tree
  for (const step of path) {
    if (isJsonArray(node)) node = node[Number(step)]
    else if (isJsonObject(node) && Object.hasOwn(node, step)) node = node[step]
    else return undefined
  }
  return node
}

/** The value with the node there changed, or gone where the change gives nothing. The root cannot go. */
export function withNode(tree: Json, path: Path, change: (node: Json) => Json | undefined): Json {
  const [step, ...rest] = path
  if (step === undefined) return change(tree) ?? null
  const inner = nodeAt(tree, [step])
  if (inner === undefined) return tree
  const changed = rest.length === 0 ? change(inner) : withNode(inner, rest, change)
  if (isJsonArray(tree)) {
    return tree.toSpliced(Number(step), 1, ...(changed === undefined ? [] : [changed]))
  }
  const entries = Object.entries(tree ?? {}).flatMap(([key, value]): Array<[string, Json]> => {
    if (key !== step) return [[key, value]]
    return changed === undefined ? [] : [[key, changed]]
  })
  return Object.fromEntries(entries)
}
