import { check, drawPlan, play } from "@claudemesh/testkit/simulation"
import { simulatedBroker } from "@claudemesh/broker/simulation"
import { simulatedDaemon } from "@claudemesh/daemon/simulation"
const programs = { broker: simulatedBroker, daemon: simulatedDaemon }
const n = Number(process.argv[2]), from = Number(process.argv[3]), mode = process.argv[4] === "l" ? "liveness" : "safety"
let bad = 0, resealed = 0, ooo = 0, inboxedCount = 0
for (let i = from; i < from + n; i++) {
  let history: any
  try { history = play(drawPlan(String(i), mode as any), { programs }) } catch (e) { console.log(i, "CRASH", String(e)); bad++; continue }
  const v = check(history)
  if (v.length) { bad++; console.log(i, JSON.stringify(v.slice(0, 3))) }
  const accepted = new Map<string, number>(); let k = 0
  const newest = new Map<string, number>()
  for (const e of history) {
    if (e.type === "accepted") accepted.set(`${e.mesh}/${e.sender}/${e.id}`, k++)
    if (e.type === "admitted" && e.attempt > 0) resealed++
    if (e.type === "shown" && e.reason === "out_of_order") ooo++
    if (e.type === "inboxed") {
      inboxedCount++
      const place = accepted.get(`${e.mesh}/${e.sender}/${e.id}`) ?? -1
      const s = `${e.mesh}/${e.sender} ${e.device}`
      if (place < (newest.get(s) ?? -1)) { bad++; console.log(i, "ORDER", s, e.id, e.at) }
      newest.set(s, Math.max(place, newest.get(s) ?? -1))
    }
  }
}
console.log({ n, mode, bad, resealed, ooo, inboxedCount })
