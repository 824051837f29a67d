import { check, drawPlan, play } from "@claudemesh/testkit/simulation"
import { simulatedBroker } from "@claudemesh/broker/simulation"
import { simulatedDaemon } from "@claudemesh/daemon/simulation"
const programs = { broker: simulatedBroker, daemon: simulatedDaemon }
const plan = drawPlan(process.argv[2]!, "safety")
console.log(JSON.stringify({ ...plan, steps: undefined }))
for (const s of plan.steps) console.log("step", JSON.stringify(s))
const history: any = play(plan, { programs })
console.log(JSON.stringify(check(history)))
for (const e of history) console.log(JSON.stringify(e))
