/**
 * The ways to an idle agent where its client's inbox is out of use, with a real Claude Code client.
 *
 * @module
 */
import { say, shows, withoutClaude } from "@claudemesh/testkit/claude_code"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  makeClaudeMesh,
  makeWorkplace,
  sendText,
  timesShown,
  untilState
} from "./testing/claude_mesh.ts"

/** A client, two daemons and a broker are started anew for each test. */
const TIMEOUT = 120_000

const WAYS = [
  { carrier: "rewake", what: "a hook that waits" },
  { carrier: "monitor", what: "a monitor" }
] as const

describe.skipIf(withoutClaude())("an idle agent whose client's inbox is out of use", () => {
  for (const { carrier, what } of WAYS) {
    it.live(
      `is woken by ${what}, again and again, and each text is shown once`,
      () =>
        Effect.gen(function*() {
          const { ada, bob } = yield* makeClaudeMesh()
          const workplace = yield* makeWorkplace(ada, {
            env: { CLAUDEMESH_CARRIERS: `hook,${carrier}` },
            monitor: carrier === "monitor"
          })
          const texts = ["does the build pass?", "and the tests?", "thank you"]
          yield* workplace.api.play(...texts.map(() => say("Read")))
          yield* workplace.start()

          for (const text of texts) {
            const id = yield* sendText(bob, "ada", text)
            yield* workplace.api.awaitRequest((request) => shows(request, text))
            const { recipients } = yield* untilState(bob, id, "in_context")
            assert.deepStrictEqual(recipients.map((one) => one.carrier), [carrier])
          }
          for (const text of texts) assert.strictEqual(timesShown(workplace, text), 1)
        }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
      TIMEOUT
    )
  }
})
