/**
 * What an agent is limited to, as it is typed: `dm,read`, or `all` for no limit.
 *
 * @module
 */
import { Capabilities, Capability } from "@claudemesh/protocol"
import { readCapabilities } from "@claudemesh/protocol/capabilities"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Result, Schema } from "effect"

const isCapabilities = Schema.is(Capabilities)

/** Those there are, as a description names them. */
export const CAPABILITIES = Capability.literals.join(", ")

/** The capabilities in the order in which they were typed; null for no limit. */
export function capsIn(typed: string): Result.Result<Capabilities | null, Refused> {
  const read = readCapabilities(typed)
  if (read === null) return Result.succeed(null)
  const caps = [...new Set(read)]
  if (isCapabilities(caps)) return Result.succeed(caps)
  const message = `Cannot use ${
    JSON.stringify(typed.slice(0, 64))
  } as capabilities: write all, or some of ${CAPABILITIES} with commas`
  return Result.fail(refused("usage", message))
}
