import { assert, describe, it } from "@effect/vitest"
import { Effect, Stdio, Stream } from "effect"
import { Output } from "../output.ts"
import { isAgreed } from "./install_question.ts"

/** Asks somebody who answers with that, in chunks. */
function answered(...chunks: ReadonlyArray<string>) {
  const said: Array<string> = []
  const output = {
    note: (line: string) => Effect.sync(() => void said.push(line)),
    page: Effect.die("not asked"),
    json: false,
    print: () => Effect.void,
    said: () => Effect.succeed(true),
    fail: () => Effect.void
  }
  const stdin = Stream.fromIterable(chunks.map((chunk) => new TextEncoder().encode(chunk)))
  return isAgreed("one\ntwo", "Do this?").pipe(
    Effect.provideService(Output, output),
    Effect.provide(Stdio.layerTest({ stdin })),
    Effect.map((agreed) => ({ agreed, said }))
  )
}

describe("a question", () => {
  it.effect("is agreed to by a yes alone", () =>
    Effect.gen(function*() {
      assert.isTrue((yield* answered("y\n")).agreed)
      assert.isTrue((yield* answered(" YE", "S \r\nmore")).agreed)
      assert.isFalse((yield* answered("n\ny\n")).agreed)
      assert.isFalse((yield* answered()).agreed)
    }))

  it.effect("says what it is about first", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* answered()).said, ["one", "two", "Do this? [y/N]"])
    }))
})
