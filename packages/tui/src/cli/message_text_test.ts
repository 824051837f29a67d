import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Stdio, Stream } from "effect"
import { limits } from "@claudemesh/protocol"
import { checked, decoded, messageText } from "./message_text.ts"

function read(words: ReadonlyArray<string>, chunks: ReadonlyArray<Uint8Array> = []) {
  return messageText(words).pipe(
    Effect.result,
    Effect.provide(Stdio.layerTest({ stdin: Stream.fromIterable(chunks) }))
  )
}

function bytesOf(text: string) {
  return new TextEncoder().encode(text)
}

function codeOf(result: Result.Result<string, { readonly code: string }>) {
  return Result.isFailure(result) ? result.failure.code : undefined
}

function messageOf(result: Result.Result<string, { readonly message: string }>) {
  return Result.isFailure(result) ? result.failure.message : ""
}

describe("messageText", () => {
  it.effect("joins the words", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* read(["tests", "pass"]), Result.succeed("tests pass"))
    }))

  it.effect("reads stdin for a single dash, and leaves out the line feed that echo adds", () =>
    Effect.gen(function*() {
      const chunks = [bytesOf("a\n"), bytesOf("b\n")]
      assert.deepStrictEqual(yield* read(["-"], chunks), Result.succeed("a\nb"))
      assert.deepStrictEqual(yield* read(["-", "x"], chunks), Result.succeed("- x"))
    }))

  it.effect("joins characters that are split between reads", () =>
    Effect.gen(function*() {
      const [first = 0, second = 0] = bytesOf("é")
      const chunks = [Uint8Array.of(first), Uint8Array.of(second)]
      assert.deepStrictEqual(yield* read(["-"], chunks), Result.succeed("é"))
    }))

  it.effect("refuses nothing at all", () =>
    Effect.gen(function*() {
      assert.strictEqual(codeOf(yield* read([])), "empty_message")
      assert.strictEqual(codeOf(yield* read(["-"])), "empty_message")
      assert.strictEqual(codeOf(yield* read(["-"], [bytesOf(" \n\n")])), "empty_message")
    }))

  it.effect("takes as much as a message holds, and no more", () =>
    Effect.gen(function*() {
      const whole = "x".repeat(limits.contentBytesMax)
      assert.isTrue(Result.isSuccess(yield* read(["-"], [bytesOf(`${whole}\n`)])))
      assert.strictEqual(codeOf(yield* read(["-"], [bytesOf(`${whole}x\n`)])), "too_large")
    }))

  it.effect("says how large a megabyte is, and does not read an endless stream", () =>
    Effect.gen(function*() {
      const chunk = bytesOf("x".repeat(1_048_576))
      const large = yield* read(["-"], [chunk])
      const endless = yield* read(["-"], Array.from({ length: 40 }, () => chunk))

      assert.include(
        messageOf(large),
        "Cannot send 1048576 bytes: a message holds 32768 bytes at most"
      )
      assert.include(messageOf(endless), "more than 16777216 bytes")
    }))
})

describe("decoded", () => {
  it.each([[[0xff]], [[0xc3]], [[0xed, 0xa0, 0x80]]])("refuses %j, which is not UTF-8", (bytes) => {
    assert.strictEqual(codeOf(decoded(Uint8Array.from(bytes))), "not_text")
  })
})

describe("checked", () => {
  it("refuses NUL, as binary files have it", () => {
    assert.strictEqual(codeOf(checked("a\0b")), "not_text")
  })
})
