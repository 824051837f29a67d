/**
 * Gives a test the sessions of a daemon whose processes it starts itself, in a home of its own.
 *
 * @module
 */
import { fromBase64Url } from "@claudemesh/protocol/crypto"
import { layerSeededRandom } from "@claudemesh/testkit"
import { Effect, Layer, Redacted } from "effect"
import { readFileSync } from "node:fs"
import { type Registration, Sessions } from "../sessions/sessions.ts"
import { FakeProcesses } from "./fake_processes.ts"
import { layerTemporaryHome } from "./temporary_home.ts"

/** Registers for real what a test says runs; the caller brings the database. */
export const layerRegistering = Sessions.layer.pipe(
  Layer.provideMerge(
    Layer.mergeAll(layerTemporaryHome, FakeProcesses.layer, layerSeededRandom("registering"))
  ),
  Layer.orDie
)

/** Starts a process of that pid, and registers it as a run in `/src/api`. */
export const registered = Effect.fnUntraced(
  function*(pid: number, otherwise: Partial<Registration> = {}) {
    yield* (yield* FakeProcesses).start(pid, "first")
    return yield* (yield* Sessions).register({ cwd: "/src/api", pid, ...otherwise })
  }
)

/** The token in the file. */
export function tokenIn(path: string): Redacted.Redacted<Uint8Array> {
  return Redacted.make(fromBase64Url(readFileSync(path, "utf8")))
}
