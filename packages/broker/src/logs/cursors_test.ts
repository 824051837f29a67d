import { assert, describe, it } from "@effect/vitest"
import { Effect, Function, Layer } from "effect"
import { TestClock } from "effect/testing"
import { defaultBrokerLimits } from "../broker_limits.ts"
import type { Attachment } from "../gateway/attachments.ts"
import { type Acknowledgement, LogStore } from "../store/log_store.ts"
import { StoreFailed } from "../store/store_failed.ts"
import { sampleDevice, sampleMesh } from "../store/testing/sample.ts"
import { Cursors } from "./cursors.ts"
import { LogReader } from "./log_reader.ts"

/** Cursors over a store in which only one epoch is the newest, and which fails so often first. */
function world({ failures = 0, newest = 1 } = {}) {
  const written: Array<ReadonlyArray<Acknowledgement>> = []
  let left = failures
  const store = Layer.mock(LogStore, {
    acknowledge: (acks) => {
      if (left-- > 0) return new StoreFailed({ fault: "io", reason: "planted" })
      written.push(acks)
      return Effect.succeed(acks.map(({ epoch }) => epoch === newest))
    }
  })
  return { written, layer: Layer.provide(Cursors.layer, store) }
}

function attachmentOf(device: string, epoch = 1) {
  const ended: Array<string> = []
  const options = {
    after: 0,
    end: 0,
    push: Function.constVoid,
    isReady: () => true,
    now: () => 0,
    windowEntriesMax: 64
  }
  const attachment: Attachment = {
    mailbox: { mesh: sampleMesh("m"), device: sampleDevice(device) },
    epoch,
    reader: new LogReader(options),
    isLive: () => ended.length === 0,
    send: Function.constVoid,
    end: (code) => ended.push(code),
    toldUpto: 0
  }
  return { attachment, ended }
}

const later = TestClock.adjust(defaultBrokerLimits.cursorMillis)

describe("Cursors", () => {
  it.effect("writes what many acks say once, and nothing when none came", () => {
    const { layer, written } = world()
    return Effect.gen(function*() {
      const { moved } = yield* Cursors
      const [one, other] = [attachmentOf("a"), attachmentOf("b")]
      for (const upto of [1, 2, 3]) moved(one.attachment, upto)
      moved(other.attachment, 9)
      yield* later
      yield* later
      assert.deepStrictEqual(
        written.map((acks) => acks.map(({ mailbox: { device }, upto }) => [device, upto])),
        [[[sampleDevice("a"), 3], [sampleDevice("b"), 9]]]
      )
    }).pipe(Effect.provide(layer))
  })

  it.effect("ends an attachment that is not the newest of its mailbox, and no other", () => {
    const { layer } = world({ newest: 2 })
    return Effect.gen(function*() {
      const { moved } = yield* Cursors
      const [old, newer] = [attachmentOf("a", 1), attachmentOf("a", 2)]
      moved(old.attachment, 1)
      moved(newer.attachment, 2)
      yield* later
      assert.deepStrictEqual([old.ended, newer.ended], [["replaced"], []])
    }).pipe(Effect.provide(layer))
  })

  it.effect("writes later what the store did not take, unless more came or the device has left", () => {
    const { layer, written } = world({ failures: 1 })
    return Effect.gen(function*() {
      const { moved } = yield* Cursors
      yield* later
      const [stays, acks, leaves] = [attachmentOf("a"), attachmentOf("b"), attachmentOf("c")]
      for (const { attachment } of [stays, acks, leaves]) moved(attachment, 1)
      leaves.attachment.end("left")
      yield* later
      moved(acks.attachment, 2)
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(written.map((all) => all.map(({ upto }) => upto)), [[1, 2]])
    }).pipe(Effect.provide(layer))
  })

  it.effect("writes the rest when it ends", () => {
    const { layer, written } = world()
    return Effect.gen(function*() {
      yield* Effect.provide(
        Cursors.use(({ moved }) => Effect.sync(() => moved(attachmentOf("a").attachment, 5))),
        layer
      )
      assert.deepStrictEqual(written.map((all) => all.map(({ upto }) => upto)), [[5]])
    })
  })
})
