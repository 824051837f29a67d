import { assert, describe, it } from "@effect/vitest"
import { type Asked, readArguments } from "./arguments.ts"

const many = {
  type: "many",
  seeds: 300,
  from: 0,
  workers: 2,
  modes: ["safety", "liveness"]
} as const

describe("readArguments", () => {
  it.each<[ReadonlyArray<string>, Asked]>([
    [[], many],
    [["--seeds", "5", "--from", "7"], { ...many, seeds: 5, from: 7 }],
    [["--mode", "liveness"], { ...many, modes: ["liveness"] }],
    [["--seed", "7"], { type: "one", seed: "7", mode: "safety", isTraced: false }],
    [["--seed", "7", "--trace"], { type: "one", seed: "7", mode: "safety", isTraced: true }],
    [["--plan", "x.json"], { type: "plan", path: "x.json", isTraced: false }],
    [["--scenario", "P4"], { type: "scenario", entry: "P4", isTraced: false }],
    [["--crash-points"], { type: "crash_points", stride: 1, pairs: 0 }],
    [["--crash-points", "--stride", "9", "--pairs", "5"], {
      type: "crash_points",
      stride: 9,
      pairs: 5
    }]
  ])("reads %j", (args, asked) => {
    assert.deepStrictEqual(readArguments(args, 2), asked)
  })

  it.each([
    [["--seeds", "none"], "Cannot use --seeds \"none\""],
    [["--seeds", "0"], "a whole number from 1 works"],
    [["--mode", "careless"], "safety and liveness work"],
    [["--sneeds"], "Usage:"]
  ])("says what would work instead of %j", (args, said) => {
    assert.include(readArguments(args, 2), said)
  })
})
