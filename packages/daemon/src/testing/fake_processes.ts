/**
 * A table of processes that a test starts and ends.
 *
 * @module
 */
import { Context, Effect, Layer, Ref } from "effect"
import { ProcessTable } from "../sessions/process_table.ts"

/** The processes that a test says there are, and how often they were looked at. */
export class FakeProcesses extends Context.Service<FakeProcesses, {
  /** A process with this pid began at `mark`, in place of one that had the pid before. */
  readonly start: (pid: number, mark: string) => Effect.Effect<void>
  readonly end: (pid: number) => Effect.Effect<void>
  readonly looks: Effect.Effect<number>
}>()("@claudemesh/daemon/testing/fake_processes/FakeProcesses") {
  static readonly layer: Layer.Layer<FakeProcesses | ProcessTable> = Layer.effectContext(
    Effect.gen(function*() {
      const running = yield* Ref.make<ReadonlyMap<number, string>>(new Map())
      const looks = yield* Ref.make(0)
      const table = {
        marks: (pids: ReadonlyArray<number>) =>
          Effect.andThen(
            Ref.update(looks, (count) => count + 1),
            Effect.map(Ref.get(running), (all) =>
              new Map([...all].filter(([pid]) => pids.includes(pid))))
          )
      }
      return Context.make(ProcessTable, table).pipe(Context.add(FakeProcesses, {
        start: (pid, mark) => Ref.update(running, (all) => new Map([...all, [pid, mark]])),
        end: (pid) =>
          Ref.update(running, (all) => new Map([...all].filter(([other]) => other !== pid))),
        looks: Ref.get(looks)
      }))
    })
  )
}
