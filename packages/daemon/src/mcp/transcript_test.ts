import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Transcript } from "./transcript.ts"

const LINES = [
  { type: "user", message: { role: "user", content: "Grüße 👋" }, isSidechain: false },
  { type: "attachment", attachment: { type: "queued_command", prompt: "second" } },
  { type: "queue-operation", operation: "enqueue", content: "no evidence" },
  { type: "api-request-blob", body: "no evidence" },
  { type: "user", isSidechain: true, message: { content: "a sub-agent's" } },
  { type: "assistant", isSidechain: true },
  { type: "assistant", isApiErrorMessage: true },
  { type: "assistant", message: { model: "<synthetic>" } },
  { type: "assistant", message: { content: [{ type: "text", text: "Done" }] } }
]
const FILE = new TextEncoder().encode(LINES.map((line) => `${JSON.stringify(line)}\n`).join(""))

describe("Transcript", () => {
  it.effect("sees the same wherever the file ends at the time, also within a letter", () =>
    Effect.gen(function*() {
      const whole = yield* readIn([FILE.length])
      assert.deepStrictEqual(texts(whole), ["Grüße 👋", "second", "ASSISTANT"])

      for (let at = 0; at <= FILE.length; at += 1) {
        assert.deepStrictEqual(yield* readIn([at, FILE.length]), whole)
      }
    }))

  it.effect("passes over what is no JSON, and lines that are none yet", () =>
    Effect.gen(function*() {
      const file = new TextEncoder().encode("nonsense\n[1]\n\n{\"type\":\"assistant\"}")
      const reader = new Transcript(0)

      assert.deepStrictEqual(yield* read(reader, file), [])
      const grown = new Uint8Array([...file, 0x0a])
      assert.deepStrictEqual(yield* read(reader, grown), [{ type: "assistant" }])
    }))

  it.effect("begins behind the past", () =>
    Effect.gen(function*() {
      const reader = new Transcript(FILE.length)

      assert.deepStrictEqual(yield* read(reader, FILE), [])
    }))

  it.effect("reads a file anew that has become shorter", () =>
    Effect.gen(function*() {
      const reader = new Transcript(0)
      yield* read(reader, FILE)

      const other = new TextEncoder().encode("{\"type\":\"assistant\"}\n")

      assert.deepStrictEqual(yield* read(reader, other), [{ type: "assistant" }])
    }))

  it.effect("passes over a line without end, and goes on after it", () =>
    Effect.gen(function*() {
      const long = new Uint8Array(18 * 1_048_576).fill(0x78)
      const reader = new Transcript(0)
      yield* read(reader, long)

      const after = new TextEncoder().encode("x\n{\"type\":\"assistant\"}\n")
      const file = new Uint8Array(long.length + after.length)
      file.set(long)
      file.set(after, long.length)

      assert.deepStrictEqual(yield* read(reader, file), [{ type: "assistant" }])
    }))
})

/** What is seen of the file when it is read at each of these lengths. */
function readIn(lengths: ReadonlyArray<number>) {
  const reader = new Transcript(0)
  return Effect.map(
    Effect.forEach(lengths, (length) => read(reader, FILE.subarray(0, length))),
    (seen) => seen.flat()
  )
}

function read(reader: Transcript, file: Uint8Array) {
  function readBytes(from: number, length: number) {
    return Promise.resolve(file.subarray(from, from + length))
  }
  return Effect.promise(() => reader.read({ size: file.length, readBytes }))
}

function texts(seen: ReadonlyArray<{ readonly type: string; readonly text?: string }>) {
  const kept = new Set(["Grüße 👋", "second", "no evidence", "a sub-agent's"])
  return seen.map(({ text }) => text ?? "ASSISTANT").filter((text) =>
    kept.has(text) || text === "ASSISTANT"
  )
}
