/**
 * Scenarios of disks and databases that are full, fail, forget or are wrong about the time.
 *
 * @module
 */
import { scenario } from "../scenario.ts"
import { broker, machine, once, send, sends } from "../steps.ts"
import type { CatalogueScenario } from "./catalogue_scenario.ts"
import {
  admitted,
  answered,
  endsAs,
  happened,
  inboxed,
  inboxedOnce,
  neverAccepted,
  shownWithin
} from "./expectations.ts"

const MINUTE = 60_000
const DAY = 86_400_000

/** The table. */
export const storageScenarios: ReadonlyArray<CatalogueScenario> = [
  {
    covers: ["D1"],
    title:
      "a sender whose disk is full accepts nothing, says so, and accepts again when there is space",
    plan: scenario({
      steps: [
        { at: 900, act: "fill_disk", host: machine(0), millis: 5_000 },
        send(1_000),
        send(7_000)
      ]
    }),
    shows: [neverAccepted(0), answered(0, "disk_full"), inboxedOnce(1)]
  },
  {
    covers: ["D2"],
    title: "what a recipient has no space for waits at the broker, and comes in its order",
    plan: scenario({
      steps: [
        { at: 900, act: "fill_disk", host: machine(1), millis: 10_000 },
        ...sends(1_000, 3)
      ]
    }),
    shows: [admitted(0, 1), inboxedOnce(0, 1, 2)]
  },
  {
    covers: ["D3"],
    title: "a message whose commit failed was not accepted",
    plan: scenario({
      steps: [
        once("before accepted", { act: "fail_commit", host: machine(0), isDone: false }),
        send(1_000),
        send(2_000)
      ]
    }),
    shows: [neverAccepted(0), answered(0, "defect"), inboxedOnce(1)]
  },
  {
    covers: ["D3"],
    title: "a recipient whose commit failed has acknowledged nothing, and takes it again",
    plan: scenario({
      steps: [
        once("before inboxed", { act: "fail_commit", host: machine(1), isDone: false }),
        ...sends(1_000, 3)
      ]
    }),
    shows: [inboxedOnce(0, 1, 2)]
  },
  {
    covers: ["D3", "D9"],
    title: "a broker whose commit failed has admitted nothing, and takes it again",
    plan: scenario({
      steps: [
        once("before admitted", { act: "fail_commit", host: broker(0), isDone: false }),
        ...sends(1_000, 3)
      ]
    }),
    shows: [inboxedOnce(0, 1, 2)]
  },
  {
    covers: ["D9"],
    title: "a commit of which a broker does not know whether it happened is resolved by the retry",
    plan: scenario({
      steps: [
        once("before admitted", { act: "fail_commit", host: broker(0), isDone: true }),
        send(1_000)
      ]
    }),
    shows: [admitted(0, 1), inboxedOnce(0), shownWithin(0, "inboxed", 30_000)]
  },
  {
    covers: ["D9"],
    title:
      "a commit of which a recipient does not know whether it happened puts the message there once",
    plan: scenario({
      steps: [
        once("before inboxed", { act: "fail_commit", host: machine(1), isDone: true }),
        ...sends(1_000, 3)
      ]
    }),
    shows: [inboxedOnce(0, 1, 2)]
  },
  {
    covers: ["D4"],
    title:
      "a recipient that starts without its damaged database is given again what the broker still has",
    plan: scenario({
      steps: [
        ...sends(1_000, 3),
        { at: 3_000, act: "restore_disk", machine: 1, downMillis: 500 },
        send(6_000)
      ]
    }),
    shows: [inboxed(0, 2), inboxed(1, 2), inboxed(2, 2), inboxedOnce(3)]
  },
  {
    covers: ["D4"],
    title:
      "of a sender that starts without its damaged database arrives what the broker had, and what is new",
    plan: scenario({
      steps: [
        { at: 900, act: "partition", machine: 1, broker: 0, ways: "both", millis: 6_000 },
        ...sends(1_000, 3),
        { at: 3_000, act: "restore_disk", machine: 0, downMillis: 500 },
        send(6_000)
      ]
    }),
    shows: [inboxedOnce(0, 1, 2, 3), endsAs(3, "inboxed")]
  },
  {
    covers: ["D16"],
    title:
      "a clock of the database that goes back for an hour changes neither order nor what is known",
    plan: scenario({
      steps: [
        ...sends(1_000, 2),
        { at: 2_000, act: "set_clock", host: broker(0), skewMillis: -60 * MINUTE },
        { at: 3_000, act: "repeat", earlier: 0, isAltered: false },
        ...sends(4_000, 2)
      ]
    }),
    shows: [admitted(0, 1), inboxedOnce(0, 1, 2, 3)]
  },
  {
    covers: ["D17"],
    title: "what is swept away with time is nothing that a recipient has yet to read",
    plan: scenario({
      tuning: { sweepMillis: 1_000 },
      steps: [
        { at: 900, act: "partition", machine: 1, broker: 0, ways: "both", millis: MINUTE },
        ...sends(1_000, 3, { ttl: 7 * DAY }),
        { at: 5_000, act: "set_clock", host: broker(0), skewMillis: 6 * DAY }
      ]
    }),
    shows: [admitted(0, 1), inboxedOnce(0, 1, 2)]
  },
  {
    covers: ["D18"],
    title: "a sender gives up what is too old before any broker has forgotten it",
    plan: scenario({
      steps: [
        { at: 900, act: "partition", machine: 0, broker: 0, ways: "both", millis: 3 * MINUTE },
        send(1_000),
        { at: 2_000, act: "set_clock", host: machine(0), skewMillis: 31 * DAY }
      ]
    }),
    shows: [admitted(0, 0), inboxed(0, 0), endsAs(0, "expired", "expired")]
  },
  {
    covers: ["D19"],
    title: "a message that expired at the broker leaves no gap",
    plan: scenario({
      steps: [
        { at: 900, act: "partition", machine: 1, broker: 0, ways: "both", millis: 2 * MINUTE },
        send(1_000),
        send(1_001, { ttl: 5_000 }),
        send(1_002)
      ]
    }),
    shows: [
      inboxedOnce(0, 2),
      inboxed(1, 0),
      endsAs(1, "expired", "expired"),
      happened("killed", {}, 0)
    ]
  }
]
