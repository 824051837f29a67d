import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ProcessTable } from "../sessions/process_table.ts"
import { FakeProcesses } from "./fake_processes.ts"

describe("FakeProcesses", () => {
  it.effect("is a table of what the test started and did not end", () =>
    Effect.gen(function*() {
      const { end, looks, start } = yield* FakeProcesses
      yield* start(1, "first")
      yield* start(2, "first")
      yield* start(2, "later")
      yield* end(1)

      const marks = yield* ProcessTable.use((table) => table.marks([1, 2, 3]))

      assert.deepStrictEqual([...marks], [[2, "later"]])
      assert.strictEqual(yield* looks, 1)
    }).pipe(Effect.provide(FakeProcesses.layer)))
})
