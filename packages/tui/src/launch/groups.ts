/**
 * The groups an agent is in, as they are typed: `frontend:lead,reviewers,all`.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { groupText, readGroups } from "@claudemesh/protocol/groups_text"
import { GROUPS_MAX, SessionGroup, type SessionGroups } from "@claudemesh/protocol/local_api"
import { Result, Schema } from "effect"

const isGroup = Schema.is(SessionGroup)

/** The groups in the order in which they were typed; refused with what is wrong with them. */
export function groupsIn(typed: string): Result.Result<SessionGroups, Refused> {
  const read = readGroups(typed)
  const groups = read.filter(isGroup)
  const wrong = read.find((group) => !isGroup(group))
  if (wrong !== undefined) return bad(typed, `"${groupText(wrong)}" is no group`)
  const names = groups.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return bad(typed, `"${twice}" is there twice`)
  if (groups.length > GROUPS_MAX) return bad(typed, `there are more than ${GROUPS_MAX}`)
  return Result.succeed(groups)
}

function bad(typed: string, why: string): Result.Result<never, Refused> {
  const message = `Cannot read the groups "${typed}": ${why}; write them as "name,name:role"`
  return Result.fail(refused("usage", message))
}
