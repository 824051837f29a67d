/**
 * A mesh of real processes: a broker and two machines, each with a home of its own, that can be killed.
 *
 * @module
 */
import { Daemon } from "@claudemesh/daemon"
import { type RealProcess, startProcess } from "@claudemesh/testkit"
import { NodeHttpClient } from "@effect/platform-node"
import { Context, Effect, FileSystem, Layer, Ref, Schedule, Scope } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { createServer } from "node:net"
import { EXECUTABLE } from "../executable.ts"

/** A process that can be killed and started again, and is ready when either returns. */
export interface Part {
  readonly name: string
  readonly kill: Effect.Effect<void>
  readonly stop: Effect.Effect<void>
  readonly start: Effect.Effect<void>
}

/** A machine: its daemon, and the client that talks to it. */
export interface Machine extends Part {
  readonly home: string
  readonly daemon: Daemon["Service"]
}

/** The executable that every process runs. */
/** How long a process may take until it is ready; it is loaded unbuilt. */
const READY_WITHIN = "30 seconds"

/** A broker on a free port, with its data under the directory, or in a database. */
export const makeBroker = Effect.fn("makeBroker")(function*(directory: string, database?: string) {
  const port = yield* freePort
  const data = `${directory}/broker`
  const args = ["broker", "serve", "--data", data, "--listen", `127.0.0.1:${port}`]
  const origin = `http://127.0.0.1:${port}`
  const isReady = HttpClient.get(`${origin}/readyz`).pipe(
    Effect.flatMap(HttpClientResponse.filterStatusOk),
    Effect.provide(NodeHttpClient.layerNodeHttp)
  )
  const env = { HOME: directory, ...(database !== undefined && { DATABASE_URL: database }) }
  const part = yield* makePart({ name: "broker", args, env, isReady })
  return { ...part, origin, data }
})

/** A machine with a home under the directory. */
export const makeMachine = Effect.fn("makeMachine")(function*(directory: string, name: string) {
  const home = `${directory}/${name}`
  const context = yield* Layer.build(Daemon.layer({ socketPath: `${home}/run/daemon.sock` }))
  const daemon = Context.get(context, Daemon)
  const env = { HOME: home, CLAUDEMESH_HOME: home }
  const isReady = daemon.daemon.status({})
  const part = yield* makePart({ name, args: ["daemon", "run"], env, isReady })
  return { ...part, home, daemon } satisfies Machine
})

/** A broker, on a database if one is given, and the machines "ada" and "bob", both members of one mesh. */
export const makeRealMesh = Effect.fn("makeRealMesh")(function*(database?: string) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* Effect.orDie(fs.makeTempDirectoryScoped({ prefix: "cm-" }))
  const broker = yield* makeBroker(directory, database)
  const ada = yield* makeMachine(directory, "ada")
  const bob = yield* makeMachine(directory, "bob")
  yield* Effect.all([broker.start, ada.start, bob.start], { concurrency: "unbounded" })
  yield* ada.daemon.meshes.create({
    payload: { name: "home", broker: broker.origin, member: "ada" }
  })
  const { link = "" } = yield* ada.daemon.invites.create({ payload: {} })
  yield* bob.daemon.meshes.join({ payload: { link, member: "bob" } })
  yield* untilKnown(ada.daemon, "bob")
  return { directory, broker, ada, bob }
})

/** A machine hears of a new member from the broker. */
function untilKnown(daemon: Daemon["Service"], member: string) {
  return daemon.roster.peers({ query: {} }).pipe(
    Effect.filterOrFail(({ items }) => items.some((peer) => peer.member === member)),
    Effect.retry(Schedule.spaced("20 millis")),
    Effect.timeout("10 seconds")
  )
}

const makePart = Effect.fnUntraced(function*<E>({ args, env, isReady, name }: {
  readonly name: string
  readonly args: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
  readonly isReady: Effect.Effect<unknown, E>
}): Effect.fn.Return<Part, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const running = yield* Ref.make<RealProcess | undefined>(undefined)
  const command = {
    command: process.execPath,
    args: [EXECUTABLE, ...args],
    env: { PATH: "/usr/bin:/bin", ...env }
  }
  const start = Effect.gen(function*() {
    const child = yield* Effect.provideService(startProcess(command), Scope.Scope, scope)
    yield* Ref.set(running, child)
    yield* isReady.pipe(
      Effect.retry(Schedule.spaced("20 millis")),
      Effect.orDie,
      Effect.timeoutOrElse({
        duration: READY_WITHIN,
        orElse: () =>
          Effect.flatMap(child.output, (output) => Effect.die(`${name} is not ready: ${output}`))
      })
    )
  })
  const end = Effect.fnUntraced(function*(signal: "SIGKILL" | "SIGTERM") {
    const child = yield* Ref.getAndSet(running, undefined)
    if (child !== undefined) yield* child.end(signal)
  })
  return { name, start, kill: end("SIGKILL"), stop: end("SIGTERM") }
})

/** A port that nobody listens on at this moment. */
const freePort = Effect.callback<number>((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})
