import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { outboxEntry } from "../../../testing/samples.ts"

describe("outbox show", () => {
  it.effect("shows all of a message, and how to take it back", () =>
    Effect.gen(function*() {
      const daemon = { outbox: { show: () => Effect.succeed(outboxEntry) } }
      const { stdout } = yield* typed(["outbox", "show", "019a00"], { daemon, terminal: true })

      assert.include(stdout, "waits for  its next try in 3s: quota\n")
      assert.include(stdout, `Next: claudemesh outbox cancel ${outboxEntry.id}`)
    }))

  it.effect("says how to send what has ended once more", () =>
    Effect.gen(function*() {
      const dead = { ...outboxEntry, cancellable: false, outbox_state: "dead" as const }
      const daemon = { outbox: { show: () => Effect.succeed(dead) } }
      const { stdout } = yield* typed(["outbox", "show", "019a00"], { daemon, terminal: true })

      assert.include(stdout, `Next: claudemesh outbox requeue ${dead.id}`)
    }))
})
