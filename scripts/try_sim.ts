import { check, drawPlan, play, traceLines } from "@claudemesh/testkit/simulation"
import { simulatedBroker } from "@claudemesh/broker/simulation"
import { simulatedDaemon } from "@claudemesh/daemon/simulation"
const programs = { broker: simulatedBroker, daemon: simulatedDaemon }
const n = Number(process.argv[2] ?? 1), from = Number(process.argv[3] ?? 0)
const mode = process.argv[4] === "l" ? "liveness" : "safety"
const t0 = performance.now()
let bad = 0
for (let i = from; i < from + n; i++) {
  const plan = drawPlan(String(i), mode)
  let history
  const frames: Array<any> = []
  try { history = play(plan, { programs, ...(process.argv[5] ? { onFrame: (at: number, from: string, to: string, text: string) => frames.push({ type: "frame", at, from, to, text }) } : {}) }) } catch (e) { console.log(i, "CRASH", e); bad++; continue }
  const v = check(history)
  if (v.length > 0) { bad++; console.log(i, JSON.stringify(v.slice(0, 3).map((x) => `${x.guarantee}@${Math.round(x.at)} ${x.what}`)), v.length) }
  if (process.argv[5]) { console.log(JSON.stringify(plan)); for (const l of traceLines(plan, [...history, ...frames].toSorted((a, b) => a.at - b.at))) console.log(l) }
}
console.log(n, "seeds", bad, "bad", ((performance.now() - t0) / n).toFixed(0), "ms each")
