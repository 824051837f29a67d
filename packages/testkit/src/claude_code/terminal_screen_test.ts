import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeTerminalScreen } from "./terminal_screen.ts"

function drawn(data: string, reply: (data: string) => void = () => {}) {
  return Effect.callback<string>((resume) => {
    const screen = makeTerminalScreen({ columns: 20, rows: 3 }, reply)
    screen.write(data, () => resume(Effect.sync(screen.text)))
  })
}

describe("TerminalScreen", () => {
  it.effect("shows what is left when the program has moved about", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* drawn("one\r\ntwo\x1b[1;1HONE\x1b[31m!\x1b[0m"), "ONE!\ntwo")
    }))

  it.effect("shows the last lines of many", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* drawn("1\r\n2\r\n3\r\n4"), "2\n3\n4")
    }))

  it.effect("answers a program that asks where the cursor is", () =>
    Effect.gen(function*() {
      const replies: Array<string> = []
      yield* drawn("ab\x1b[6n", (data) => replies.push(data))

      assert.deepStrictEqual(replies, ["\x1b[1;3R"])
    }))
})
