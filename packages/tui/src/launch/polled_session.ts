/**
 * The session of an agent that has no plugin to register it: what it sends goes out under its name.
 *
 * It is bound to this process, which lives as long as the agent does. Nothing is pushed to it.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import type { RegisterSession } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"

/** Registers it until the scope closes; answers with the file that holds its token. */
export const polledSession = Effect.fn("polledSession")(function*(
  daemon: Daemon["Service"],
  run: Pick<
    RegisterSession,
    "agent" | "caps" | "cwd" | "groups" | "mesh" | "mode" | "name" | "role"
  >
) {
  const mode = run.mode === "off" ? "off" : "inbox"
  const payload = { ...run, mode, pid: process.pid } as const
  const { token_file } = yield* Effect.acquireRelease(
    daemon.sessions.register({ payload }),
    // Else the daemon ends it by itself: its process is gone.
    ({ id }) => Effect.ignore(daemon.sessions.end({ params: { id } }))
  )
  return token_file
})
