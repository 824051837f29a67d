/**
 * The groups an agent is in, as they are typed: `frontend:lead,reviewers,all`.
 *
 * @module
 */
import { Name } from "@claudemesh/protocol"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Result, Schema } from "effect"

/** How many groups one agent may be in. */
const GROUPS_MAX = 16

/** One group, and what the agent is in it. */
interface Group {
  readonly name: string
  readonly role: string | undefined
}

const isName = Schema.is(Name)

/** The groups as one text without blanks, in the order in which they were typed; empty for none. */
export function groupsText(typed: string): Result.Result<string, Refused> {
  const parts = typed.toLowerCase().split(",").map((part) => part.trim())
  const groups = typed.trim() === "" ? [] : parts.map(readGroup)
  const names = groups.map(({ name }) => name)
  const wrong = parts.find((part, at) => groups[at] !== undefined && !isGroup(part, groups[at]))
  if (wrong !== undefined) return bad(typed, `"${wrong}" is no group`)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return bad(typed, `"${twice}" is there twice`)
  if (groups.length > GROUPS_MAX) return bad(typed, `there are more than ${GROUPS_MAX}`)
  return Result.succeed(groups.map(textOf).join(","))
}

function readGroup(part: string): Group {
  const [name = "", role] = part.split(":").map((word) => word.trim())
  return { name, role }
}

function isGroup(part: string, { name, role }: Group): boolean {
  return part.split(":").length <= 2 && isName(name) && (role === undefined || isName(role))
}

function textOf({ name, role }: Group): string {
  return role === undefined ? name : `${name}:${role}`
}

function bad(typed: string, why: string): Result.Result<never, Refused> {
  const message = `Cannot read the groups "${typed}": ${why}; say --groups "name,name:role"`
  return Result.fail(refused("usage", message))
}
