import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"

/** Each is played in both modes: three hundred runs. */
const SEEDS = "150"

/** Every so manieth crash point of the exchange; `npm run simulate -- --crash-points` plays them all. */
const STRIDE = "13"

const MILLIS_MAX = 240_000

interface Ended {
  readonly status: number | null
  readonly output: string
}

function simulate(...args: ReadonlyArray<string>): Ended {
  const options = ["--import", "@claudemesh/testkit/symbolic_crypto", "scripts/simulate.ts"]
  const { status, stderr, stdout } = spawnSync(process.execPath, [...options, ...args], {
    encoding: "utf8"
  })
  return { status, output: `${stdout}${stderr}` }
}

describe("npm run simulate", () => {
  it("keeps every promise in three hundred runs", { timeout: MILLIS_MAX }, () => {
    const { output, status } = simulate("--seeds", SEEDS)
    assert.strictEqual(status, 0, output)
    assert.match(output, /^3\d\d runs, .*: 0 failed$/m)
  })

  it("keeps every promise wherever a process is killed", { timeout: MILLIS_MAX }, () => {
    const { output, status } = simulate("--crash-points", "--stride", STRIDE)
    assert.strictEqual(status, 0, output)
    assert.match(output, /^\d{2,} crash points: 0 failed$/m)
  })

  it("is the same run for the same seed, in whatever process", () => {
    const [once, again] = [simulate("--seed", "5"), simulate("--seed", "5")]
    assert.match(once.output, /fingerprint [0-9a-f]{16}/)
    assert.deepStrictEqual(once, again)
  })

  it("shows a scenario of the catalogue line by line", () => {
    const { output, status } = simulate("--scenario", "P4", "--trace")
    assert.strictEqual(status, 0, output)
    assert.match(output, /ADMITS #0 of m0/)
    assert.match(output, /^kept: a broker that was killed/m)
  })

  it("says what is wrong with what it was asked", () => {
    assert.deepInclude(simulate("--seeds", "some"), { status: 2 })
    assert.deepInclude(simulate("--scenario", "P0"), { status: 1 })
  })
})
