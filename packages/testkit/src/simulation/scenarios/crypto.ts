/**
 * Scenarios of somebody in between, who sends again, elsewhere or too late what others have signed.
 *
 * @module
 */
import { scenario } from "../scenario.ts"
import { machine, send, sends } from "../steps.ts"
import type { CatalogueScenario } from "./catalogue_scenario.ts"
import { admitted, arrived, endsAs, happened, inboxedOnce, neverAccepted } from "./expectations.ts"

/** The table. */
export const cryptoScenarios: ReadonlyArray<CatalogueScenario> = [
  {
    covers: ["A1", "G11"],
    title: "an attach that was recorded attaches nobody on another connection",
    plan: scenario({
      steps: [{ at: 2_000, act: "intrude", broker: 0, frames: "attach" }, send(4_000)]
    }),
    shows: [
      arrived("attach", { from: "stranger" }, 1),
      arrived("attached", { to: "stranger" }, 0),
      arrived("detached", {}, 0),
      inboxedOnce(0)
    ]
  },
  {
    covers: ["G11"],
    title:
      "messages and acknowledgements that were recorded do nothing on the connection of a stranger",
    plan: scenario({
      steps: [
        send(1_000),
        { at: 2_000, act: "intrude", broker: 0, frames: "send" },
        { at: 2_000, act: "intrude", broker: 0, frames: "ack" },
        send(4_000)
      ]
    }),
    shows: [
      arrived("send", { from: "stranger" }, 1),
      arrived("admitted", { to: "stranger" }, 0),
      admitted(0, 1),
      inboxedOnce(0, 1)
    ]
  },
  {
    covers: ["A2"],
    title: "an attach that is passed on to another broker than it names attaches nobody",
    plan: scenario({
      steps: [
        { at: 500, act: "kill", host: machine(1), downMillis: 2_000 },
        { at: 501, act: "relay", broker: 0, millis: 10_000 },
        send(1_000)
      ]
    }),
    shows: [
      arrived("refused", { to: "machine 1" }, 1),
      arrived("attached", { to: "machine 1" }, 2),
      inboxedOnce(0)
    ]
  },
  {
    covers: ["A9"],
    title: "a message that a broker gives to somebody else is opened by nobody else",
    plan: scenario({
      machines: 3,
      steps: [
        send(1_000, { to: 2 }),
        ...sends(1_100, 2),
        { at: 2_000, act: "misdirect", from: 1, to: 2 },
        send(4_000, { to: 2 })
      ]
    }),
    shows: [arrived("push", { to: "machine 2" }, 3), inboxedOnce(0, 1, 2, 3)]
  },
  {
    covers: ["A11", "G11"],
    title: "a message that a broker gives again under a new number is the same message",
    plan: scenario({
      steps: [...sends(1_000, 2), { at: 2_000, act: "misdirect", from: 1, to: 1 }, send(4_000)]
    }),
    shows: [arrived("push", { to: "machine 1" }, 4), inboxedOnce(0, 1, 2)]
  },
  {
    covers: ["A12"],
    title: "what was sealed to a key that is gone is sealed again, under the same id",
    plan: scenario({
      steps: [
        send(900),
        { at: 1_000, act: "partition", machine: 1, broker: 0, ways: "both", millis: 3_000 },
        ...sends(2_000, 2),
        { at: 2_500, act: "lose_prekeys", machine: 1, downMillis: 500 }
      ]
    }),
    shows: [admitted(1, 2), admitted(2, 2), inboxedOnce(0, 1, 2), endsAs(2, "inboxed")]
  },
  {
    covers: ["A14"],
    title: "what was admitted before its sender left is delivered",
    plan: scenario({
      steps: [
        { at: 900, act: "partition", machine: 0, broker: 0, ways: "both", millis: 5_000 },
        send(1_000, { from: 1, to: 0 }),
        { at: 2_000, act: "leave", machine: 1, mesh: 0 }
      ]
    }),
    shows: [happened("left", {}, 1), admitted(0, 1), inboxedOnce(0)]
  },
  {
    covers: ["A14"],
    title: "a sender that has left can send nothing more, on whatever connection",
    plan: scenario({
      steps: [
        send(1_000, { from: 1, to: 0 }),
        { at: 2_000, act: "leave", machine: 1, mesh: 0 },
        { at: 3_000, act: "intrude", broker: 0, frames: "attach" },
        send(4_000, { from: 1, to: 0 })
      ]
    }),
    shows: [
      happened("left", {}, 1),
      arrived("attached", { to: "stranger" }, 0),
      inboxedOnce(0),
      neverAccepted(1)
    ]
  }
]
