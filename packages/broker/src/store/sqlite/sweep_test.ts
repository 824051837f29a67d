import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { BrokerLimits } from "../../broker_limits.ts"
import { LogStore } from "../log_store.ts"
import { MembershipStore } from "../membership_store.ts"
import {
  SAMPLE_AT,
  sampleAdmission,
  sampleDevice,
  sampleFounding,
  sampleMesh
} from "../testing/sample.ts"
import { smallLimits } from "../testing/unread_rules.ts"
import * as Database from "./database.ts"

const mesh = sampleMesh("m")
const [a, b] = [sampleDevice("a"), sampleDevice("b")]
const store = Database.layer({ filename: ":memory:" }).pipe(
  Layer.provide([
    layerSeededRandom("sweep"),
    Layer.succeed(BrokerLimits, { ...smallLimits, mailboxReadBytesMax: 0, mailboxEntriesMax: 20 })
  ])
)

/** Ten small messages, of which the first seven are read. */
const seven = Effect.gen(function*() {
  yield* MembershipStore.use((members) => members.append(sampleFounding(mesh, a, b)))
  const logs = yield* LogStore
  yield* logs.admit(Array.from({ length: 10 }, (_, at) => sampleAdmission(at + 1, { ttl: 10 })))
  const mailbox = { mesh, device: b }
  const epoch = (yield* logs.attach(mailbox))?.epoch ?? 0
  yield* logs.acknowledge([{ mailbox, epoch, upto: 7 }])
  return { logs, mailbox }
})

describe("sweep", () => {
  it.effect("drops no more in one transaction than it may, and all of it in several", () =>
    Effect.gen(function*() {
      const { logs, mailbox } = yield* seven
      const options = { now: 0, dedupesBefore: 0, rowsMax: 3 }
      const swept: Array<number> = []
      for (let time = 0; time < 4; time++) swept.push((yield* logs.sweep(options)).entries)
      assert.deepStrictEqual(swept, [3, 3, 1, 0])
      assert.deepStrictEqual((yield* logs.read(mailbox, 0, 20)).map(({ seq }) => seq), [8, 9, 10])
    }).pipe(Effect.provide(store)))

  it.effect("drops a body with all its entries, and no more bodies than may go with theirs", () =>
    Effect.gen(function*() {
      yield* MembershipStore.use((members) => members.append(sampleFounding(mesh, a, b)))
      const logs = yield* LogStore
      const to = [a, b]
      yield* logs.admit([1, 2, 3, 4].map((number) => sampleAdmission(number, { to, ttl: 10 })))
      const swept = yield* Effect.forEach(
        [3, 5, 1, 1],
        (rowsMax) => logs.sweep({ now: SAMPLE_AT + 20, dedupesBefore: 0, rowsMax })
      )
      assert.deepStrictEqual(swept.map(({ entries }) => entries), [2, 4, 2, 0])
    }).pipe(Effect.provide(store)))

  it.effect("drops what has expired once, read or not", () =>
    Effect.gen(function*() {
      const { logs, mailbox } = yield* seven
      const options = { now: SAMPLE_AT + 20, dedupesBefore: 0, rowsMax: 20 }
      assert.strictEqual((yield* logs.sweep(options)).entries, 10)
      assert.strictEqual((yield* logs.sweep(options)).entries, 0)
      assert.lengthOf(yield* logs.read(mailbox, 0, 20), 0)
    }).pipe(Effect.provide(store)))
})
