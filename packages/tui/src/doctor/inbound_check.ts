/**
 * Checks what Claude Code's own settings say of messages from others.
 *
 * It is a choice of the user's: it is told, and never changed.
 *
 * @module
 */
import { Effect } from "effect"
import { type ClientSettings, judgeClientSettings } from "./client_settings.ts"
import { type Finding, type Fix, ok, warning } from "./finding.ts"

/** `crossSessionInbound`, where it is set. */
export const inbound = Effect.map(
  Effect.suspend(() => judgeClientSettings(judgeInbound)),
  (finding) => [finding]
)

/** What there is to say of settings. */
export function judgeInbound(
  { crossSessionInbound: set }: ClientSettings,
  edit: (why: string) => Fix
): Finding {
  if (set !== "hold" && set !== "refuse") {
    return ok("Claude Code takes messages from other sessions")
  }
  const what = set === "hold" ? "holds" : "refuses"
  return warning(
    `Claude Code ${what} what peers say (crossSessionInbound): messages will wait, unread`,
    edit("it is your choice: take the line out to be shown messages")
  )
}
