import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { asDaemon } from "../testing/command_line.ts"
import { received } from "../testing/samples.ts"
import { markRead } from "./marking.ts"

describe("markRead", () => {
  it.effect("asks for nothing where all is read already", () =>
    Effect.gen(function*() {
      const daemon = asDaemon({ messages: { read: () => Effect.die("asked") } })

      assert.strictEqual(yield* markRead(daemon, [{ ...received, read: true }]), 0)
    }))
})
