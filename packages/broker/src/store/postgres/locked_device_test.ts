import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { sampleDevice, sampleMesh } from "../testing/sample.ts"
import { lockDevices } from "./locked_device.ts"
import type { Query } from "./transaction.ts"

const mesh = sampleMesh("m")
const [a, b] = [sampleDevice("a"), sampleDevice("b")]

const ROW = {
  num: 7n,
  mesh,
  device: b,
  live: true,
  attach_epoch: 3n,
  sseq_floor: 1n,
  log_end: 9n,
  unread_entries: 2n,
  unread_bytes: 200n,
  sent_bytes: 50n
}

describe("lockDevices", () => {
  it.effect("asks for each once, and finds those that there are", () =>
    Effect.gen(function*() {
      const asked: Array<ReadonlyArray<unknown>> = []
      function query(...[, parameters = []]: Parameters<Query>) {
        asked.push(parameters)
        return Effect.succeed([ROW])
      }
      const mailboxes = [a, b, b].map((device) => ({ mesh, device }))
      const { all, find } = yield* lockDevices(query, mailboxes)

      assert.deepStrictEqual(asked, [[[mesh, mesh], [a, b]]])
      assert.isUndefined(find(mesh, a))
      assert.deepInclude(find(mesh, b), { num: 7, live: true, attachEpoch: 3, logEnd: 9 })
      assert.strictEqual(all[0], find(mesh, b))
    }))
})
