/**
 * What may come between a person and the start of an agent, as a stack of data.
 *
 * The one on top is dealt with first. Whoever draws them, a line or a screen, knows them only by what is
 * said here.
 *
 * @module
 */
import type { ErrorCode, Refused } from "@claudemesh/protocol/errors"
import type { Question } from "./flow.ts"

/** What takes an overlay away. */
export type Remedy =
  /** Starts the daemon; nobody is asked. */
  | "start_daemon"
  /** Takes the answer for an invite link, by which to join. */
  | "take_link"
  /** The same; an empty answer makes a mesh on this machine. */
  | "take_link_or_begin"

/** One thing that has come between. */
export interface Overlay {
  readonly id: "daemon_down" | "no_mesh" | "invite_unusable"
  readonly says: string
  readonly remedy: Remedy
  /** What only a person can say; absent, it is dealt with without one. */
  readonly question?: Question
}

/** The stack; its last is on top. */
export type Overlays = ReadonlyArray<Overlay>

const INVITE_CODES = new Set<ErrorCode>([
  "invite_expired",
  "invite_revoked",
  "invite_exhausted",
  "invite_not_found",
  "invite_malformed"
])

/** What a refusal puts between; nothing where it is the end. */
export function overlayOf({ code, message }: Refused): Overlay | undefined {
  if (code === "daemon_not_running") {
    return { id: "daemon_down", says: "Starting the daemon", remedy: "start_daemon" }
  }
  if (code === "no_mesh") {
    return {
      id: "no_mesh",
      says: "No mesh yet",
      remedy: "take_link_or_begin",
      question: {
        title: "An invite link, if you have one (Enter alone makes a mesh on this machine)",
        otherwise: ""
      }
    }
  }
  if (!INVITE_CODES.has(code)) return undefined
  return {
    id: "invite_unusable",
    says: message,
    remedy: "take_link",
    question: { title: "Another invite link, if you have one (Enter alone ends this)" }
  }
}

/** The stack with one more on top; of each kind there is one. */
export function interrupted(stack: Overlays, overlay: Overlay): Overlays {
  return [...stack.filter(({ id }) => id !== overlay.id), overlay]
}

/** The stack without the one on top. */
export function settled(stack: Overlays): Overlays {
  return stack.slice(0, -1)
}
