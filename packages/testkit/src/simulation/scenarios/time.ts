/**
 * Scenarios of clocks that are wrong, of limits, and of the same thing asked more than once.
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
  inboxed,
  inboxedOnce,
  nobodyGone
} from "./expectations.ts"

const HOUR = 3_600_000
const TEN_YEARS = 315_576_000_000

/** The table. */
export const timeScenarios: ReadonlyArray<CatalogueScenario> = [
  {
    covers: ["T1", "G23"],
    title: "a sender ten years ahead and a recipient ten years behind exchange messages",
    plan: scenario({
      steps: [
        { at: 500, act: "set_clock", host: machine(0), skewMillis: TEN_YEARS },
        { at: 500, act: "set_clock", host: machine(1), skewMillis: -TEN_YEARS },
        ...sends(1_000, 3),
        send(2_000, { from: 1, to: 0 })
      ]
    }),
    shows: [nobodyGone, inboxedOnce(0, 1, 2, 3)]
  },
  {
    covers: ["T1", "G23"],
    title: "a broker whose clock jumps every minute ends no lease and loses nothing",
    plan: scenario({
      steps: [
        ...Array.from({ length: 6 }, (_, nth) => ({
          at: 1_000 + nth * 60_000,
          act: "set_clock" as const,
          host: broker(0),
          skewMillis: (nth % 2 === 0 ? 1 : -1) * HOUR
        })),
        ...Array.from({ length: 6 }, (_, nth) => send(2_000 + nth * 60_000))
      ]
    }),
    shows: [nobodyGone, inboxedOnce(0, 1, 2, 3, 4, 5)]
  },
  {
    covers: ["T2"],
    title: "a second or an hour more or less than there are changes nothing",
    plan: scenario({
      steps: [1_000, -1_000, HOUR, -HOUR].flatMap((skewMillis, nth) => [
        { at: 1_000 + nth * 2_000, act: "set_clock" as const, host: machine(nth % 2), skewMillis },
        send(2_000 + nth * 2_000)
      ])
    }),
    shows: [nobodyGone, inboxedOnce(0, 1, 2, 3)]
  },
  {
    covers: ["T3", "G6"],
    title: "a sender beyond its rate is slowed down and loses nothing, its retries neither",
    plan: scenario({
      tuning: { framesPerSecond: 2, framesBurst: 4 },
      steps: [
        once("admitted", { act: "kill", host: machine(0), downMillis: 500 }, 3),
        ...sends(4_000, 6)
      ]
    }),
    shows: [admitted(0, 1), inboxedOnce(0, 1, 2, 3, 4, 5)]
  },
  {
    covers: ["T5"],
    title: "a message beyond the quota of its mailbox is refused, and its sender sees why",
    plan: scenario({
      tuning: { mailboxEntriesMax: 2 },
      steps: [
        { at: 900, act: "partition", machine: 1, broker: 0, ways: "both", millis: 10_000 },
        ...sends(1_000, 3)
      ]
    }),
    shows: [
      arrived("refused", { to: "machine 0", text: "\"quota\"" }, 1),
      inboxedOnce(0, 1),
      inboxed(2, 0),
      endsAs(2, "rejected", "quota")
    ]
  },
  {
    covers: ["G6"],
    title:
      "whoever asks again with the same words is told the same, before and after it has arrived",
    plan: scenario({
      steps: [
        send(1_000),
        { at: 1_000, act: "repeat", earlier: 0, isAltered: false },
        { at: 1_001, act: "repeat", earlier: 0, isAltered: false },
        { at: 3_000, act: "repeat", earlier: 0, isAltered: false }
      ]
    }),
    shows: [answered(0, "accepted", "accepted", "accepted", "accepted"), inboxedOnce(0)]
  },
  {
    covers: ["G6"],
    title: "an id that was used is refused with other words, and what it said first stays",
    plan: scenario({
      steps: [send(1_000), { at: 1_000, act: "repeat", earlier: 0, isAltered: true }, {
        at: 3_000,
        act: "repeat",
        earlier: 0,
        isAltered: true
      }]
    }),
    shows: [answered(0, "accepted", "id_reused", "id_reused"), inboxedOnce(0)]
  }
]
