import { makeMesh, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { stillThere } from "./still_there.ts"

const key = { mesh: makeMesh("still_there", ["ada"]).membership.mesh, id: messageIdOf(1) }

describe("stillThere", () => {
  it.effect("is what is shown, or says what is gone", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* stillThere(key, Option.some("hello")), "hello")
      assert.deepInclude(yield* Effect.flip(stillThere(key, Option.none())), {
        code: "message_not_found",
        message: `Cannot find message "${key.id}" any more`
      })
    }))
})
