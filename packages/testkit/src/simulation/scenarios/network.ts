/**
 * Scenarios of a network that cuts, delays, doubles and reorders.
 *
 * @module
 */
import { scenario } from "../scenario.ts"
import { machine, once, send, sends } from "../steps.ts"
import type { CatalogueScenario } from "./catalogue_scenario.ts"
import { admitted, arrived, endsAs, inboxedOnce, nobodyGone, shownWithin } from "./expectations.ts"

const MINUTE = 60_000

/** When a silent connection counts as dead, and some time to connect again. */
const DETECTED_WITHIN = 100_000

/** The table. */
export const networkScenarios: ReadonlyArray<CatalogueScenario> = [
  {
    covers: ["N1"],
    title: "a sender that is cut off keeps what it accepts, and sends it in order when it can",
    plan: scenario({
      steps: [
        { at: 900, act: "partition", machine: 0, broker: 0, ways: "both", millis: 2 * MINUTE },
        ...sends(1_000, 3)
      ]
    }),
    shows: [shownWithin(0, "inboxed", 4 * MINUTE), inboxedOnce(0, 1, 2)]
  },
  {
    covers: ["N2"],
    title:
      "what is for a recipient that is cut off is admitted, and inboxed no earlier than it is back",
    plan: scenario({
      steps: [
        { at: 900, act: "partition", machine: 1, broker: 0, ways: "both", millis: 2 * MINUTE },
        ...sends(1_000, 3)
      ]
    }),
    shows: [shownWithin(0, "admitted", 1_000), inboxedOnce(0, 1, 2)]
  },
  {
    covers: ["N3"],
    title: "a machine that hears nothing of what the broker says connects again when it can",
    plan: scenario({
      steps: [
        {
          at: 900,
          act: "partition",
          machine: 0,
          broker: 0,
          ways: "from_broker",
          millis: 2 * MINUTE
        },
        ...sends(1_000, 3)
      ]
    }),
    shows: [admitted(0, 1), inboxedOnce(0, 1, 2), endsAs(2, "inboxed")]
  },
  {
    covers: ["N3"],
    title: "a machine that the broker does not hear connects again when it can",
    plan: scenario({
      steps: [
        { at: 900, act: "partition", machine: 0, broker: 0, ways: "to_broker", millis: 2 * MINUTE },
        ...sends(1_000, 3)
      ]
    }),
    shows: [admitted(0, 1), inboxedOnce(0, 1, 2), endsAs(2, "inboxed")]
  },
  {
    covers: ["N3"],
    title: "a machine that stays cut off one way holds up nobody else",
    plan: scenario({
      mode: "liveness",
      machines: 3,
      healsAt: 3_000,
      steps: [
        {
          at: 900,
          act: "partition",
          machine: 2,
          broker: 0,
          ways: "from_broker",
          millis: undefined
        },
        send(1_000, { to: 2 }),
        send(1_001),
        send(1_002, { from: 1, to: 0 })
      ]
    }),
    shows: [shownWithin(1, "inboxed", 1_000), shownWithin(2, "inboxed", 1_000)]
  },
  {
    covers: ["N4"],
    title: "a sender notices that its connection is dead, and that nothing of it arrives",
    plan: scenario({
      healsAt: 2 * MINUTE,
      steps: [{ at: 900, act: "half_open", machine: 0, deaf: "machine" }, send(1_000)]
    }),
    shows: [shownWithin(0, "inboxed", DETECTED_WITHIN)]
  },
  {
    covers: ["N4"],
    title: "a recipient notices that its connection is dead, though it has nothing to say",
    plan: scenario({
      healsAt: 2 * MINUTE,
      steps: [{ at: 900, act: "half_open", machine: 1, deaf: "machine" }, send(1_000)]
    }),
    shows: [shownWithin(0, "inboxed", DETECTED_WITHIN)]
  },
  {
    covers: ["N4"],
    title: "a broker that missed the end of a connection serves the next one",
    plan: scenario({
      healsAt: 2 * MINUTE,
      steps: [{ at: 900, act: "half_open", machine: 1, deaf: "broker" }, send(1_000)]
    }),
    shows: [shownWithin(0, "inboxed", DETECTED_WITHIN)]
  },
  {
    covers: ["N5"],
    title: "frames that all come twice deliver everything once",
    plan: scenario({ network: { duplicateChance: 1 }, steps: sends(1_000, 5) }),
    shows: [inboxedOnce(0, 1, 2, 3, 4), admitted(0, 1)]
  },
  {
    covers: ["N6"],
    title: "an acknowledgement on an old connection does nothing after a newer attachment",
    plan: scenario({
      steps: [
        once("inboxed", { act: "stall", machine: 1, millis: 3_000 }),
        once("inboxed", { act: "kill", host: machine(1), downMillis: 500 }),
        send(1_000),
        send(2_000)
      ]
    }),
    shows: [arrived("attached", { to: "machine 1" }, 2), inboxedOnce(0, 1)]
  },
  {
    covers: ["N6"],
    title: "a message on an old connection is the same as on the newer one",
    plan: scenario({
      steps: [
        once("frame prekeys", { act: "stall", machine: 0, millis: 5_000 }),
        { at: 1_500, act: "kill", host: machine(0), downMillis: 500 },
        send(1_000),
        send(4_000)
      ]
    }),
    shows: [admitted(0, 1), inboxedOnce(0, 1)]
  },
  {
    covers: ["N6", "G11"],
    title: "acknowledgements of an earlier attachment change nothing on the newer one",
    plan: scenario({
      steps: [
        ...sends(1_000, 3),
        { at: 2_000, act: "kill", host: machine(1), downMillis: 500 },
        { at: 2_100, act: "partition", machine: 1, broker: 0, ways: "from_broker", millis: 3_000 },
        send(2_200),
        { at: 5_500, act: "resend", machine: 1, frames: "ack" },
        send(6_000)
      ]
    }),
    shows: [arrived("ack", { from: "machine 1" }, 4), inboxedOnce(0, 1, 2, 3, 4)]
  },
  {
    covers: ["N7"],
    title: "the order is kept when connections break while much is under way on slow ways",
    plan: scenario({
      network: { delayMillisMax: 3_000 },
      steps: [
        ...sends(5_000, 10),
        { at: 6_000, act: "cut", machine: 0 },
        { at: 12_000, act: "cut", machine: 1 },
        { at: 20_000, act: "cut", machine: 0 },
        ...sends(21_000, 5)
      ]
    }),
    shows: [inboxedOnce(...Array.from({ length: 15 }, (_, message) => message))]
  },
  {
    covers: ["N8"],
    title: "a link that breaks a hundred times a minute ends no lease",
    plan: scenario({
      steps: [
        ...Array.from({ length: 300 }, (_, nth) => ({
          at: 1_000 + nth * 600,
          act: "cut" as const,
          machine: 1
        })),
        ...sends(2_000, 3),
        send(100_000)
      ]
    }),
    shows: [nobodyGone, inboxedOnce(0, 1, 2, 3)]
  },
  {
    covers: ["N10"],
    title: "a slow reader is cut off when too much waits for it, costs no memory, and gets it all",
    plan: scenario({
      network: { readerBytesPerMilli: 5 },
      tuning: { bufferedBytesMax: 65_536, stalledMillisMax: 5_000 },
      healsAt: 240_000,
      steps: sends(3_000, 20, { size: 20_000 })
    }),
    shows: [
      arrived("attached", { to: "machine 1" }, 3),
      inboxedOnce(...Array.from({ length: 20 }, (_, message) => message))
    ]
  }
]
