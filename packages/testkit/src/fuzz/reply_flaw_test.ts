import { assert, describe, it } from "@effect/vitest"
import { replyFlaw } from "./reply_flaw.ts"

function refusal(code: string): string {
  return JSON.stringify({ _tag: "Refused", code, message: "Cannot do it" })
}

describe("replyFlaw", () => {
  it.each([
    { status: 200, text: "anything" },
    { status: 404, text: refusal("mesh_not_found") },
    { status: 404, text: "" },
    { status: 503, text: refusal("broker_unreachable") }
  ])("finds nothing wrong with %j", (reply) => {
    assert.isUndefined(replyFlaw(reply, ["broker_unreachable"]))
  })

  it.each(
    [
      [{ status: 500, text: refusal("internal") }, /failed with 500 internal/],
      [{ status: 503, text: refusal("broker_unreachable") }, /failed with 503/],
      [{ status: 500, text: "" }, /no refusal/],
      [{ status: 415, text: "Unsupported" }, /no refusal: Unsupported/],
      [{ status: 400, text: refusal("no_such_code") }, /no refusal/],
      [{ brokeOff: "socket hang up" }, /hang up/]
    ] as const
  )("finds fault with %j", (reply, flaw) => {
    assert.match(replyFlaw(reply) ?? "", flaw)
  })
})
