/**
 * One word of a POSIX shell, for commands that people copy.
 *
 * @module
 */
import { quoted } from "@claudemesh/daemon/thin"

/** As a shell reads it back; what holds nothing that it would take for more is left bare. */
export function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text)
}
