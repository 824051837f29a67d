/**
 * What is done to one file, as a person is shown it before and after.
 *
 * @module
 */
import { Option } from "effect"
import { lineDiff } from "./line_diff.ts"
import type { PlacedFile } from "./placed_file.ts"

/** What is done to a file. `kept` is one that was changed by hand, and stays. */
export interface FileChange {
  readonly path: string
  readonly change: "created" | "changed" | "removed" | "unchanged" | "kept"
  /** A unified diff, where a file is there before and after. */
  readonly diff: string
}

/** The change from what is there to what will be. */
export function changeOf(
  path: string,
  before: Option.Option<PlacedFile>,
  after: Option.Option<Uint8Array>
): FileChange {
  if (Option.isNone(after)) {
    return { path, change: Option.isNone(before) ? "unchanged" : "removed", diff: "" }
  }
  if (Option.isNone(before)) return { path, change: "created", diff: "" }
  const diff = lineDiff(path, textOf(before.value.bytes), textOf(after.value))
  return { path, change: diff === "" ? "unchanged" : "changed", diff }
}

/** The text of bytes, whatever they are. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)
}

/** Whether bytes are a text: only those come out of it as they went in. */
export function isText(bytes: Uint8Array): boolean {
  return Buffer.from(textOf(bytes)).equals(bytes)
}
