import { assert, describe, it } from "@effect/vitest"
import { Effect, Function } from "effect"
import { LogReader } from "../logs/log_reader.ts"
import { sampleDevice, sampleMesh } from "../store/testing/sample.ts"
import { type Attachment, Attachments } from "./attachments.ts"

const mesh = sampleMesh("m")

function attachment(device: string, epoch: number) {
  const ended: Array<string> = []
  const reader = new LogReader({
    after: 0,
    end: 0,
    push: Function.constVoid,
    isReady: () => true,
    now: () => 0,
    windowEntriesMax: 64
  })
  const made: Attachment = {
    mailbox: { mesh, device: sampleDevice(device) },
    epoch,
    reader,
    toldUpto: 0,
    isLive: () => true,
    send: Function.constVoid,
    end: (code) => ended.push(code)
  }
  return { made, ended }
}

describe("Attachments", () => {
  it.effect("keeps the newest of a device, and ends the older", () =>
    Effect.gen(function*() {
      const attachments = yield* Attachments
      const [older, newer] = [attachment("a", 1), attachment("a", 2)]
      assert.isTrue(attachments.add(older.made))
      assert.isTrue(attachments.add(newer.made))
      assert.deepStrictEqual(older.ended, ["replaced"])
      assert.strictEqual(attachments.get(mesh, sampleDevice("a")), newer.made)
      assert.isFalse(attachments.remove(older.made))
      assert.isTrue(attachments.remove(newer.made))
      assert.lengthOf(attachments.ofMesh(mesh), 0)
    }).pipe(Effect.provide(Attachments.layer)))

  it.effect("does not take an older one that comes late", () =>
    Effect.gen(function*() {
      const attachments = yield* Attachments
      const [older, newer] = [attachment("a", 1), attachment("a", 2)]
      attachments.add(newer.made)
      assert.isFalse(attachments.add(older.made))
      assert.lengthOf(newer.ended, 0)
    }).pipe(Effect.provide(Attachments.layer)))

  it.effect("hands out a mesh's attachments, which may end meanwhile", () =>
    Effect.gen(function*() {
      const attachments = yield* Attachments
      for (const device of ["a", "b"]) attachments.add(attachment(device, 1).made)
      for (const one of attachments.ofMesh(mesh)) attachments.remove(one)
      assert.lengthOf(attachments.ofMesh(mesh), 0)
      assert.lengthOf(attachments.ofMesh(sampleMesh("n")), 0)
    }).pipe(Effect.provide(Attachments.layer)))
})
