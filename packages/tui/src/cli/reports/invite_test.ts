import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Page } from "../page.ts"
import { invite, NOW } from "../../testing/samples.ts"
import { inviteCreated, inviteList } from "./invite.ts"

const pipe: Page = { plain: true, colour: false, interactive: false, now: NOW }

describe("inviteList", () => {
  it("says so where there are none", () => {
    assert.strictEqual(inviteList.text({ items: [] }, { ...pipe, plain: false }), "No invites")
    assert.strictEqual(inviteList.text({ items: [] }, pipe), "")
  })

  it("gives a pipe the time at which one ends", () => {
    assert.include(inviteList.text({ items: [invite] }, pipe), "\t2026-11-25T05:00:00.000Z\t")
  })
})

describe("inviteCreated", () => {
  it.effect("says when it ends, for programs", () =>
    Effect.gen(function*() {
      const answer = yield* inviteCreated.json(invite)

      assert.propertyVal("item" in answer ? answer.item : {}, "expires", "2026-11-25T05:00:00.000Z")
    }))
})
