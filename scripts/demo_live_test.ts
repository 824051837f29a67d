/**
 * Goal: a newcomer can have a story told, and has nothing of it on the machine afterwards.
 *
 * @module
 */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { startStory } from "./demo/testing/told_story.ts"

describe("the demo", () => {
  it.live(
    "tells of a conversation where no story is named",
    () =>
      Effect.gen(function*() {
        const { exit, left, said } = yield* (yield* startStory([])).ended

        assert.strictEqual(exit, 0, said)
        assert.match(said, /ada\$ claudemesh message status[\s\S]*inboxed[\s\S]*nothing is left/)
        assert.deepStrictEqual(left, [])
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    90_000
  )

  it.live("names the stories to who asks for another one", () =>
    Effect.gen(function*() {
      const { exit, said } = yield* (yield* startStory(["clod"])).ended

      assert.strictEqual(exit, 2)
      assert.include(said, "no story \"clod\"")
      assert.include(said, "conversation, claude")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
