import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { asDaemon } from "../../../testing/command_line.ts"
import { session } from "../../../testing/samples.ts"
import { running } from "./running.ts"

const daemon = asDaemon({ sessions: { list: () => Effect.succeed({ items: [session] }) } })

describe("running", () => {
  it.effect("is the agent of that name, or of the beginning of its id", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* running(daemon, "API"), session)
      assert.strictEqual(yield* running(daemon, session.id.slice(0, 8)), session)
    }))

  it.effect("names those there are where it is none of them", () =>
    Effect.gen(function*() {
      for (const word of ["web", session.id.slice(0, 5)]) {
        assert.deepInclude(yield* Effect.flip(running(daemon, word)), {
          code: "session_not_found",
          message: `No agent "${word}" runs here`,
          candidates: ["api"]
        })
      }
    }))
})
