import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { existsSync } from "node:fs"
import { withoutPostgres } from "./postgres_binaries.ts"
import { startProcess } from "./real_process.ts"

/** A process that starts a server and says where its files are. */
const STARTS = `
  import { Effect } from "effect"
  import { TemporaryPostgres } from "${new URL("temporary_postgres.ts", import.meta.url).href}"
  const say = TemporaryPostgres.use(({ dataDirectory }) =>
    Effect.sync(() => console.log(dataDirectory)))
  Effect.runFork(Effect.provide(Effect.andThen(say, Effect.never), TemporaryPostgres.layer()))`

describe.skipIf(withoutPostgres())("watchOver", () => {
  it.live("ends the server of a process that was killed, and removes its files", () =>
    Effect.gen(function*() {
      const { end, output } = yield* startProcess({
        command: process.execPath,
        args: ["--input-type=module", "-e", STARTS],
        env: { PATH: "/usr/local/bin:/usr/bin:/bin" }
      })
      const directory = yield* output.pipe(
        Effect.filterOrFail((text) => text.endsWith("\n")),
        Effect.retry(Schedule.spaced("20 millis")),
        Effect.map((text) => text.trim())
      )
      assert.isTrue(existsSync(directory))
      yield* end("SIGKILL")

      yield* Effect.sync(() => existsSync(directory)).pipe(
        Effect.repeat({ until: (exists) => !exists, schedule: Schedule.spaced("20 millis") }),
        Effect.timeout("20 seconds")
      )
    }).pipe(Effect.scoped))
})
