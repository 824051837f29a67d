import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { heldMessage } from "../../../testing/samples.ts"

const daemon = { surfacing: { held: () => Effect.succeed({ items: [heldMessage] }) } }

describe("held list", () => {
  it.effect("says what waits, of whom, and why", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["held", "list"], { daemon })

      assert.strictEqual(exit, 0)
      assert.strictEqual(
        stdout,
        `${heldMessage.message.id}\tbob\tunknown_sender\t2026-11-24T05:59:00.000Z\n`
      )
    }))

  it.effect("explains itself at a terminal, and what to do next", () =>
    Effect.gen(function*() {
      const { stderr, stdout } = yield* typed(["held", "list"], { daemon, terminal: true })

      assert.include(stdout, "asks nobody before it acts")
      assert.include(stdout + stderr, `claudemesh held accept ${heldMessage.message.id}`)
    }))

  it.effect("says that nothing waits", () =>
    Effect.gen(function*() {
      const none = { surfacing: { held: () => Effect.succeed({ items: [] }) } }
      const { stdout } = yield* typed(["held", "list"], { daemon: none, terminal: true })

      assert.include(stdout, "Nothing waits for you")
    }))
})
