/**
 * Scenarios of processes and machines that end at a bad moment.
 *
 * @module
 */
import { scenario } from "../scenario.ts"
import { broker, machine, once, send, sends } from "../steps.ts"
import type { CatalogueScenario } from "./catalogue_scenario.ts"
import {
  admitted,
  answered,
  arrived,
  endsAs,
  happened,
  inboxed,
  inboxedOnce,
  neverAccepted,
  nobodyGone
} from "./expectations.ts"

const HOUR = 3_600_000

const SENDER_KILLED = { act: "kill", host: machine(0), downMillis: 500 } as const
const RECIPIENT_KILLED = { act: "kill", host: machine(1), downMillis: 500 } as const
const BROKER_KILLED = { act: "kill", host: broker(0), downMillis: 500 } as const
const SENDER_UNPLUGGED = { act: "lose_power", host: machine(0), downMillis: 500 } as const
const BROKER_UNPLUGGED = { act: "lose_power", host: broker(0), downMillis: 500 } as const

/** The table. */
export const processScenarios: ReadonlyArray<CatalogueScenario> = [
  {
    covers: ["P1"],
    title: "nothing is sent of what was not accepted before its daemon was killed",
    plan: scenario({ steps: [once("before accepted", SENDER_KILLED), send(1_000), send(3_000)] }),
    shows: [neverAccepted(0), answered(0), inboxedOnce(1)]
  },
  {
    covers: ["P2"],
    title: "what was accepted is sent after the daemon was killed before it could, once",
    plan: scenario({ steps: [once("accepted", SENDER_KILLED), send(1_000)] }),
    shows: [happened("killed", { process: "machine 0" }, 1), answered(0), inboxedOnce(0)]
  },
  {
    covers: ["P3", "P4"],
    title:
      "a daemon that was killed before it heard of the admission offers the message again, and it stays one",
    plan: scenario({ steps: [once("admitted", SENDER_KILLED), send(1_000)] }),
    shows: [happened("killed", { process: "machine 0" }, 1), admitted(0, 1), inboxedOnce(0)]
  },
  {
    covers: ["P4"],
    title: "a broker that was killed between its commit and its answer gives the same answer again",
    plan: scenario({ steps: [once("admitted", BROKER_KILLED), send(1_000)] }),
    shows: [
      happened("killed", { process: "broker 0" }, 1),
      admitted(0, 1),
      happened("placed", { seq: 1 }, 2), // the message, and the receipt for it
      inboxedOnce(0)
    ]
  },
  {
    covers: ["P5"],
    title:
      "what a broker had pushed when it was killed is inboxed once, though its acknowledgement got lost",
    plan: scenario({ steps: [once("inboxed", BROKER_KILLED), ...sends(1_000, 3)] }),
    shows: [happened("killed", { process: "broker 0" }, 1), inboxedOnce(0, 1, 2)]
  },
  {
    covers: ["P6"],
    title: "a recipient that was killed before its commit is pushed the message again",
    plan: scenario({ steps: [once("before inboxed", RECIPIENT_KILLED), send(1_000)] }),
    shows: [
      happened("killed", { process: "machine 1" }, 1),
      arrived("push", { to: "machine 1" }, 2),
      inboxedOnce(0)
    ]
  },
  {
    covers: ["P7"],
    title: "a recipient that was killed before it acknowledged has the message once",
    plan: scenario({ steps: [once("inboxed", RECIPIENT_KILLED), ...sends(1_000, 3)] }),
    shows: [happened("killed", { process: "machine 1" }, 1), inboxedOnce(0, 1, 2)]
  },
  {
    covers: ["P8"],
    title: "the receipt is sent by the next run of a recipient that was killed before it could",
    plan: scenario({ steps: [once("frame ack", RECIPIENT_KILLED), send(1_000)] }),
    shows: [
      happened("killed", { process: "machine 1" }, 1),
      arrived("push", { to: "machine 1" }, 1),
      endsAs(0, "inboxed")
    ]
  },
  {
    covers: ["P10"],
    title: "a broker that was stopped for two minutes goes on where everybody has left it",
    plan: scenario({
      steps: [
        once("inboxed", { act: "freeze", host: broker(0), millis: 120_000 }),
        ...sends(1_000, 3),
        send(60_000)
      ]
    }),
    shows: [inboxedOnce(0, 1, 2, 3)]
  },
  {
    covers: ["P16"],
    title: "what was accepted is there after the sender's machine lost its power",
    plan: scenario({ steps: [once("accepted", SENDER_UNPLUGGED), send(1_000)] }),
    shows: [happened("killed", { process: "machine 0" }, 1), inboxedOnce(0)]
  },
  {
    covers: ["P17"],
    title: "what a broker has committed is there after its machine lost its power",
    plan: scenario({ steps: [once("admitted", BROKER_UNPLUGGED), send(1_000)] }),
    shows: [happened("killed", { process: "broker 0" }, 1), admitted(0, 1), inboxedOnce(0)]
  },
  {
    covers: ["P17", "D10"],
    title: "what a broker lost, because its disk lied or its standby was behind, is offered again",
    plan: scenario({
      isBrokerUnsynced: true,
      steps: [
        { at: 900, act: "hold_writes", broker: 0 },
        once("admitted", BROKER_UNPLUGGED, 3),
        ...sends(1_000, 3)
      ]
    }),
    shows: [admitted(2, 2), inboxedOnce(0, 1, 2), endsAs(2, "inboxed")]
  },
  {
    covers: ["P18"],
    title:
      "a broker without its database is given the membership log back, and what nobody signed for",
    plan: scenario({
      steps: [
        { at: 500, act: "kill", host: machine(1), downMillis: 4_000 },
        once("admitted", { act: "wipe", broker: 0, downMillis: 500 }),
        send(1_000)
      ]
    }),
    shows: [admitted(0, 2), inboxedOnce(0)]
  },
  {
    covers: ["P19"],
    title:
      "a machine that slept for hours takes what waited in its order, and says what had expired",
    plan: scenario({
      steps: [
        { at: 500, act: "freeze", host: machine(1), millis: 3 * HOUR },
        send(1_000),
        send(1_001, { ttl: HOUR }),
        send(1_002)
      ]
    }),
    shows: [inboxedOnce(0, 2), inboxed(1, 0), endsAs(1, "expired", "expired")]
  },
  {
    covers: ["P20"],
    title: "of a machine and its copy the older connection ends, and does not come back by itself",
    plan: scenario({
      steps: [
        send(1_000),
        { at: 2_000, act: "clone", machine: 0, millis: 60_000 },
        send(3_000),
        { at: 63_000, act: "kill", host: machine(0), downMillis: 500 },
        send(65_000)
      ]
    }),
    shows: [
      arrived("detached", { to: "machine 0", text: "replaced" }, 1),
      arrived("attached", { to: "machine 0" }, 2),
      inboxedOnce(0, 1, 2)
    ]
  },
  {
    covers: ["P21"],
    title: "a home that was put back from a backup is filled again with what it had read since",
    plan: scenario({
      steps: [
        send(1_000),
        { at: 2_000, act: "save_disk", machine: 1 },
        ...sends(3_000, 2),
        { at: 4_000, act: "restore_disk", machine: 1, downMillis: 500 },
        send(6_000)
      ]
    }),
    shows: [inboxedOnce(0, 3), inboxed(1, 2), inboxed(2, 2)]
  },
  {
    covers: ["P21"],
    title: "a sender that was put back from a backup uses no number of its streams again",
    plan: scenario({
      steps: [
        send(1_000),
        { at: 2_000, act: "save_disk", machine: 0 },
        ...sends(3_000, 2),
        { at: 4_000, act: "restore_disk", machine: 0, downMillis: 500 },
        send(6_000)
      ]
    }),
    shows: [inboxedOnce(0, 1, 2, 3), endsAs(3, "inboxed")]
  },
  {
    covers: ["P24"],
    title: "an event loop that stands still for ten seconds ends no lease",
    plan: scenario({
      steps: [
        { at: 1_000, act: "freeze", host: machine(1), millis: 10_000 },
        { at: 20_000, act: "freeze", host: broker(0), millis: 10_000 },
        send(2_000),
        send(21_000)
      ]
    }),
    shows: [nobodyGone, inboxedOnce(0, 1)]
  }
]
