/**
 * The groups of a session as one text, as people type them and an environment carries them:
 * `frontend:lead,reviewers,all`.
 *
 * Apart from everything with a runtime, because small processes read it, too. What is read is judged by the
 * schema of the groups.
 *
 * @module
 */

/** One group as it was read. */
export interface ReadGroup {
  readonly name: string
  readonly role?: string
}

/** What stands between the commas; a second colon stays in the role, which is none then. Empty for no text. */
export function readGroups(text: string): ReadonlyArray<ReadGroup> {
  if (text.trim() === "") return []
  return text.toLowerCase().split(",").map((part) => {
    const at = part.indexOf(":")
    if (at === -1) return { name: part.trim() }
    return { name: part.slice(0, at).trim(), role: part.slice(at + 1).trim() }
  })
}

/** The groups as one text without blanks, in their order. */
export function groupsText(groups: ReadonlyArray<ReadGroup>): string {
  return groups.map(groupText).join(",")
}

/** One group as it is typed. */
export function groupText({ name, role }: ReadGroup): string {
  return role === undefined ? name : `${name}:${role}`
}
