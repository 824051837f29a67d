/**
 * Versions of the wire protocol. They only add; `docs/protocol.md` says what each one added.
 *
 * @module
 */

/** What this build speaks, best first. */
export const PROTOCOL_VERSIONS: ReadonlyArray<number> = [1]

/** The best version both sides speak; nothing if there is none. */
export function commonVersion(theirs: ReadonlyArray<number>): number | undefined {
  return PROTOCOL_VERSIONS.find((version) => theirs.includes(version))
}
