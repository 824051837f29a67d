import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { run } from "./run.ts"
import { scenario } from "./scenario.ts"
import { send } from "./steps.ts"
import { programs } from "./testing/programs.ts"

const plan = scenario({ steps: [send(1_000)] })

describe("run", () => {
  it("judges what happened", () => {
    const { history, violations } = run(plan, programs)
    assert.deepStrictEqual(violations, [])
    assert.isTrue(history.some(({ type }) => type === "inboxed"))
  })

  it("has the same fingerprint for the same plan, and another for another", () => {
    const { fingerprint } = run(plan, programs)
    assert.match(fingerprint, /^[0-9a-f]{16}$/)
    assert.strictEqual(run(plan, programs).fingerprint, fingerprint)
    assert.notStrictEqual(run({ ...plan, seed: "other" }, programs).fingerprint, fingerprint)
  })

  it("takes what breaks the world itself for a violation", () => {
    const broken = { ...programs, daemon: { ...programs.daemon, run: () => Effect.never } }
    const impossible = scenario({ steps: [{ at: 1, act: "kill", host: nowhere, downMillis: 1 }] })
    const [violation] = run(impossible, broken).violations
    assert.include(violation?.what, "There is no machine 9")
  })
})

const nowhere = { kind: "machine", number: 9 } as const
