import { it } from "@effect/vitest"
import { DeviceId } from "@claudemesh/protocol"
import { Effect } from "effect"
import { LogStore } from "../log_store.ts"
import { MembershipStore } from "../membership_store.ts"
import { sampleAdmission, sampleFounding, sampleMesh, SAMPLE_AT } from "../testing/sample.ts"
import { livePostgres, storesAt } from "./testing/live_postgres.ts"
const mesh = sampleMesh("m")
const N = 100
const devs = Array.from({ length: N }, (_, i) => DeviceId.make("d_" + "a".repeat(23) + [...String(i).padStart(3, "0")].map((d) => "abcdefghij"[+d]).join("")))
const { server } = livePostgres()
it.live("times", () => Effect.gen(function*() {
  const { makeDatabase, execute } = yield* server
  const url = yield* makeDatabase
  yield* Effect.gen(function*() {
    const logs = yield* LogStore
    yield* MembershipStore.use((store) => store.append(sampleFounding(mesh, ...devs)))
    const text = (n: number) => "x".repeat(n)
    let id = 1
    for (const [bytes, batches, batch] of [[2620, 250, 200], [7741, 250, 200]]) {
      const times: number[] = []
      const t0 = performance.now()
      for (let b = 0; b < batches; b++) {
        const admissions = Array.from({ length: batch }, () => ({ ...sampleAdmission(id, { from: devs[id % N]!, to: [devs[(id++ * 7 + 1) % N]!] }), text: text(bytes) }))
        const t = performance.now()
        const out = yield* logs.admit(admissions)
        if (out.some((o) => o.type !== "admitted")) throw new Error(JSON.stringify(out.find((o) => o.type !== "admitted")))
        times.push(performance.now() - t)
      }
      const s = times.toSorted((a, b) => a - b)
      console.log(bytes, "batch", batch, "msg/s", Math.round(batch * batches / (performance.now() - t0) * 1000), "median ms", s[s.length >> 1]!.toFixed(1), "p95", s[Math.floor(s.length * .95)]!.toFixed(1), "total", id - 1)
    }
    for (const [n] of [[100]]) {
      const times: number[] = []
      for (let b = 0; b < n!; b++) { const a = [{ ...sampleAdmission(id, { from: devs[id % N]!, to: [devs[(id++ * 7 + 1) % N]!] }), text: text(2620) }]; const t = performance.now(); yield* logs.admit(a); times.push(performance.now() - t) }
      const s = times.toSorted((a, b) => a - b); console.log("single median", s[s.length >> 1])
    }
    let t = performance.now()
    for (let i = 0; i < 5; i++) yield* logs.acknowledge(devs.map((device) => ({ mailbox: { mesh, device }, epoch: 0, upto: 200 * (i + 1) })))
    console.log("ack 100 mailboxes x 200 entries, ms each", (performance.now() - t) / 5)
    t = performance.now()
    for (let i = 0; i < 200; i++) yield* logs.read({ mesh, device: devs[i % N]! }, i * 4, 64)
    console.log("read page ms", (performance.now() - t) / 200)
    t = performance.now()
    for (let i = 0; i < 100; i++) yield* logs.attach({ mesh, device: devs[i % N]! })
    console.log("attach ms", (performance.now() - t) / 100)
    t = performance.now(); let swept = 0
    for (let i = 0; i < 5; i++) swept += (yield* logs.sweep({ now: SAMPLE_AT + 70_000, dedupesBefore: SAMPLE_AT + 1, rowsMax: 2000 })).entries
    console.log("sweep 2000 ms", (performance.now() - t) / 5, swept)
    console.log(yield* execute(url, "select relname, n_tup_hot_upd, n_tup_upd, n_dead_tup, pg_size_pretty(pg_total_relation_size(relid)) from pg_stat_user_tables order by 1"))
  }).pipe(Effect.provide(storesAt(url)))
}), 300000)
