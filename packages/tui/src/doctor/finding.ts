/**
 * What a check finds: how it stands, said in one line, and what mends it.
 *
 * @module
 */
import type { Effect, FileSystem } from "effect"

/** How a thing stands; `skipped` is what cannot be looked at, or need not be. */
export type FindingStatus = "ok" | "warning" | "failed" | "skipped"

/** The command that mends it. */
export interface Fix {
  readonly cmd: string
  readonly why: string
}

/** What `--fix` does: only what is safe and can be undone. */
export interface Repair {
  /** Said before a person agrees to it. */
  readonly does: string
  readonly run: Effect.Effect<unknown, Error, FileSystem.FileSystem>
}

/** One thing that was looked at. */
export interface Finding {
  readonly status: FindingStatus
  readonly says: string
  /** Which one it is about, where a check looks at several. */
  readonly of?: string
  readonly fix?: Fix
  readonly repair?: Repair
}

/** All is well. */
export function ok(says: string): Finding {
  return { status: "ok", says }
}

/** It was not looked at, for that reason. */
export function skipped(says: string): Finding {
  return { status: "skipped", says }
}

/** It works, and not as it should. */
export function warning(says: string, fix?: Fix): Finding {
  return { status: "warning", says, ...(fix !== undefined && { fix }) }
}

/** It does not work. */
export function failed(says: string, fix?: Fix): Finding {
  return { status: "failed", says, ...(fix !== undefined && { fix }) }
}
