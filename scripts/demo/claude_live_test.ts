/**
 * Goal: from nothing to an answered question between two sessions of Claude Code, by two commands and in a minute.
 *
 * Method: the story itself, as `npm run demo -- claude` tells it, judged by what it says and by what it leaves.
 *
 * @module
 */
import { findClaude, withoutClaude } from "@claudemesh/testkit/claude_code"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { startStory } from "./testing/told_story.ts"

/** The story gives itself a minute. */
const TIMEOUT = 90_000

describe.skipIf(withoutClaude())("the story of two sessions of Claude Code", () => {
  it.live(
    "comes to an answered question by two commands, and leaves nothing behind",
    () =>
      Effect.gen(function*() {
        const story = yield* startStory(["claude"], { CLAUDE_BIN: yield* findClaude() })
        const { exit, left, said } = yield* story.ended

        assert.strictEqual(exit, 0, said)
        assert.deepStrictEqual(said.match(/\$ claudemesh \w+/g), [
          "$ claudemesh launch",
          "$ claudemesh launch",
          "$ claudemesh message"
        ])
        assert.match(said, /api has it before it[\s\S]*\| which port does the dev server use\?/)
        assert.match(said, /web has it before it[\s\S]*\| 5173, as always/)
        assert.match(said, /queued[\s\S]*admitted[\s\S]*inboxed[\s\S]*surfaced[\s\S]*in context/)
        assert.match(said, /answered[\s\S]*nothing is left behind/)
        assert.deepStrictEqual(left, [])
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "leaves nothing behind where it is ended in the middle",
    () =>
      Effect.gen(function*() {
        const story = yield* startStory(["claude"], { CLAUDE_BIN: yield* findClaude() })
        yield* story.output.pipe(
          Effect.repeat({
            until: (said) => said.includes("web says") || !story.isRunning(),
            schedule: Schedule.spaced("20 millis")
          })
        )
        yield* story.interrupt
        const { exit, left, said } = yield* story.ended

        assert.strictEqual(exit, 130, said)
        assert.include(said, "it was ended early")
        assert.deepStrictEqual(left, [])
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )
})

describe("the story without a client", () => {
  it.live("says in a line what would help", () =>
    Effect.gen(function*() {
      const story = yield* startStory(["claude"], { CLAUDE_BIN: "/nowhere/claude" })
      const { exit, left, said } = yield* story.ended

      assert.strictEqual(exit, 1)
      assert.match(said, /^\s*demo failed: There is no client at "\/nowhere\/claude": [^\n]+\n$/)
      assert.deepStrictEqual(left, [])
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
