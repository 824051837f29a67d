/**
 * What an agent does, as it is typed: one word, such as `reviewer`.
 *
 * @module
 */
import { Name } from "@claudemesh/protocol"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Result, Schema } from "effect"

const isName = Schema.is(Name)

/** The word; null where none was typed. */
export function roleIn(typed: string): Result.Result<string | null, Refused> {
  const role = typed.trim().toLowerCase()
  if (role === "") return Result.succeed(null)
  if (isName(role)) return Result.succeed(role)
  const message = `Cannot use ${JSON.stringify(typed.slice(0, 64))} as a role`
  return Result.fail(refused("bad_name", message))
}
