/**
 * What became of a request, in one word: `ok` or the code of its refusal.
 *
 * @module
 */
import type { Refused } from "@claudemesh/protocol"
import { Result } from "effect"

/** `ok`, or the code. */
export function outcomeOf<Code extends string>(
  result: Result.Result<unknown, Refused | Code>
): string {
  if (Result.isSuccess(result)) return "ok"
  return typeof result.failure === "string" ? result.failure : result.failure.code
}
