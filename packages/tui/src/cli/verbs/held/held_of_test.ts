import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { heldMessage } from "../../../testing/samples.ts"
import { heldOf } from "./held_of.ts"

const { id } = heldMessage.message

describe("heldOf", () => {
  it.effect("finds it by its id, or by 6 or more with which that begins", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* heldOf([heldMessage], id), heldMessage)
      assert.strictEqual(yield* heldOf([heldMessage], id.slice(0, 6)), heldMessage)
    }))

  it.effect("refuses fewer, none and several", () =>
    Effect.gen(function*() {
      const refusals = [
        yield* Effect.flip(heldOf([heldMessage], id.slice(0, 5))),
        yield* Effect.flip(heldOf([heldMessage], "ffffffff")),
        yield* Effect.flip(heldOf([heldMessage, heldMessage], id))
      ]

      assert.deepStrictEqual(refusals.map(({ code }) => code), [
        "message_not_found",
        "message_not_found",
        "ambiguous_name"
      ])
      assert.deepStrictEqual(refusals[2]?.candidates, [`${id} of bob`, `${id} of bob`])
    }))
})
