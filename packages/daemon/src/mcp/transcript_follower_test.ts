import type { Evidence } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { peerText } from "../carriers/peer_text.ts"
import { keyOf, peerMessageOf } from "./shown_message.ts"
import { HandClock } from "./testing/hand_clock.ts"
import { settled } from "./testing/hand_pipe.ts"
import { madeReceived } from "./testing/made_received.ts"
import { TranscriptFollower } from "./transcript_follower.ts"

const MESSAGE = madeReceived(1)
const TEXT = { type: "user", message: { content: peerText(peerMessageOf(MESSAGE, "api")) } }
const ASSISTANT = { type: "assistant" }
const SURFACED: Evidence = { message: keyOf(MESSAGE), stage: "surfaced", carrier: "hook" }
const IN_CONTEXT: Evidence = { ...SURFACED, stage: "in_context" }

describe("TranscriptFollower", () => {
  it.effect("does not look at the past of a session that is resumed", () =>
    Effect.gen(function*() {
      const world = new World()
      world.write("/a", TEXT, ASSISTANT)
      yield* world.keepTo("/a")
      world.follower.expect([SURFACED])
      yield* world.moved(300)
      assert.deepStrictEqual(world.reported, [])

      world.write("/a", TEXT, ASSISTANT)
      yield* world.moved(600)

      assert.deepStrictEqual(world.reported, [IN_CONTEXT])
    }))

  it.effect("looks at the file before this one, too, while something is awaited", () =>
    Effect.gen(function*() {
      const world = new World()
      yield* world.keepTo("/a")
      world.follower.expect([SURFACED])
      yield* world.keepTo("/b")
      world.write("/a", TEXT, ASSISTANT)
      yield* world.moved(300)

      assert.deepStrictEqual(world.reported, [IN_CONTEXT])
    }))

  it.effect("does not take what the new file says for an answer to the old one's text", () =>
    Effect.gen(function*() {
      const world = new World()
      yield* world.keepTo("/a")
      world.follower.expect([SURFACED])
      world.write("/a", TEXT)
      yield* world.keepTo("/b")
      world.write("/b", ASSISTANT)
      yield* world.moved(10_000)

      assert.deepStrictEqual(world.reported, [])
    }))

  it.effect("reads nothing of what was written while nothing was awaited", () =>
    Effect.gen(function*() {
      const world = new World()
      yield* world.keepTo("/a")
      world.write("/a", { type: "user", text: "x".repeat(1_000) })
      yield* world.keepTo("/a")
      world.follower.expect([SURFACED])
      yield* world.moved(300)

      assert.strictEqual(world.bytesRead, 0)
    }))

  it.effect("looks ever more rarely, and gives up after ten minutes", () =>
    Effect.gen(function*() {
      const world = new World()
      yield* world.keepTo("/a")
      world.follower.expect([SURFACED])
      for (let second = 0; second < 610; second += 1) yield* world.moved(1_000)

      assert.isBelow(world.looks, 140)
      assert.strictEqual(world.clock.pending, 0)
    }))

  it.effect("goes on where a file cannot be read", () =>
    Effect.gen(function*() {
      const world = new World()
      yield* world.keepTo("/broken")
      world.follower.expect([SURFACED])
      yield* world.moved(300)

      assert.strictEqual(world.clock.pending, 1)
    }))
})

class World {
  readonly clock = new HandClock()
  readonly files = new Map<string, string>()
  readonly reported: Array<Evidence> = []
  bytesRead = 0
  looks = 0
  readonly follower = new TranscriptFollower({
    now: this.clock.now,
    after: this.clock.after,
    sizeOf: (path) => {
      this.looks += 1
      return Promise.resolve(this.#bytes(path).length)
    },
    readBytes: (path) => (from, length) => {
      if (path === "/broken") return Promise.reject(new Error("EIO"))
      const bytes = this.#bytes(path).subarray(from, from + length)
      this.bytesRead += bytes.length
      return Promise.resolve(bytes)
    }
  }, (evidence) => this.reported.push(...evidence))

  write(path: string, ...lines: ReadonlyArray<unknown>): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("")
    this.files.set(path, (this.files.get(path) ?? "") + text)
  }

  keepTo(path: string) {
    return Effect.promise(() => this.follower.keepTo(path))
  }

  moved(millis: number) {
    return Effect.andThen(Effect.sync(() => this.clock.move(millis)), settled)
  }

  #bytes(path: string): Uint8Array {
    return new TextEncoder().encode(this.files.get(path) ?? "")
  }
}
