import { refused } from "@claudemesh/protocol/errors"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { checks, runChecks } from "./checks.ts"
import { failed, ok } from "./finding.ts"
import { machine } from "./testing/fake_machine.ts"

describe("runChecks", () => {
  it.effect("goes on past a check that hangs, one that fails and one that has a bug", () =>
    Effect.gen(function*() {
      const running = yield* Effect.forkChild(runChecks([
        { id: "a", title: "a", run: Effect.never },
        { id: "b", title: "b", run: Effect.fail(refused("internal", "no such file")) },
        { id: "c", title: "c", run: Effect.die("a bug") },
        { id: "d", title: "d", run: Effect.succeed([{ ...ok("well"), of: "x" }, failed("no")]) }
      ]))
      yield* TestClock.adjust("5 seconds")
      const found = yield* Fiber.join(running)

      assert.deepStrictEqual(found.map(({ id, says, status }) => [id, status, says]), [
        ["a", "failed", "did not end within 5 s"],
        ["b", "failed", "cannot be looked at: no such file"],
        ["c", "failed", "cannot be looked at: a bug"],
        ["d/x", "ok", "well"],
        ["d", "failed", "no"]
      ])
    }).pipe(Effect.provide(machine())))

  it("has each id once", () => {
    const ids = checks.map(({ id }) => id)
    assert.lengthOf([...new Set(ids)], ids.length)
  })
})
