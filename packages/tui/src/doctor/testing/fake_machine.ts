/**
 * A machine for tests of checks: all is well with it but what a test says.
 *
 * @module
 */
import type { DaemonStatus } from "@claudemesh/protocol/local_api"
import { NodeServices } from "@effect/platform-node"
import { ConfigProvider, Effect, FileSystem, Layer } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { asDaemon, type Played } from "../../testing/command_line.ts"
import { daemonStatus } from "../../testing/samples.ts"
import { type FoundDaemon, Machine } from "../machine.ts"

/** A directory that is gone with the test; others may not look into it. */
export const temporary = FileSystem.FileSystem.use((fs) =>
  fs.makeTempDirectoryScoped({ prefix: "cm-doctor-" })
)

/** A daemon that answers so. */
export function running(
  calls: Played = {},
  status: DaemonStatus = daemonStatus
): Effect.Effect<FoundDaemon> {
  return Effect.succeed({ is: "running", calls: asDaemon(calls), status })
}

/** Brokers that answer a path so; what is not named gets no answer. */
export function answering(answers: Readonly<Record<string, () => Response>>) {
  return HttpClient.make((request, url) => {
    const answer = answers[url.pathname]
    return answer === undefined
      ? Effect.never
      : Effect.succeed(HttpClientResponse.fromWeb(request, answer()))
  })
}

/** The layers that a check needs. */
export function machine(
  facts: Partial<Machine["Service"]> = {},
  env: Readonly<Record<string, string>> = {}
) {
  return Layer.mergeAll(
    Layer.succeed(Machine, {
      home: "/nowhere/doctor",
      socket: "/nowhere/doctor/run/daemon.sock",
      node: process.versions.node,
      executable: { program: process.execPath, args: ["/opt/claudemesh/main.ts"] },
      daemon: running(),
      holder: Effect.succeedNone,
      start: Effect.void,
      http: answering({}),
      ...facts
    }),
    NodeServices.layer,
    ConfigProvider.layer(
      ConfigProvider.fromUnknown({ CLAUDE_CONFIG_DIR: "/nowhere/claude", ...env })
    )
  )
}
