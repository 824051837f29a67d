import { assert, describe, it } from "@effect/vitest"
import { Refused } from "@claudemesh/protocol/errors"
import { Effect, Fiber, Layer, Stream } from "effect"
import { chmodSync, renameSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { Home } from "../home.ts"
import { layerStubHandlers } from "../testing/stub_handlers.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { Daemon } from "./client.ts"
import { LocalEvents } from "./events.ts"
import { layer } from "./server.ts"

const client = Layer.unwrap(
  Home.use(({ socket }) => Effect.succeed(Daemon.layer({ socketPath: socket })))
)
const server = layer.pipe(Layer.provide(layerStubHandlers), Layer.provideMerge(LocalEvents.layer))
const connected = client.pipe(Layer.provideMerge(server), Layer.provideMerge(layerTemporaryHome))
const alone = Layer.provideMerge(client, layerTemporaryHome)

describe("Daemon", () => {
  it.live("answers as the protocol describes", () =>
    Effect.gen(function*() {
      const daemon = yield* Daemon

      assert.deepStrictEqual(yield* daemon.daemon.shutdown(), { pid: 7 })
      assert.deepStrictEqual(yield* daemon.meshes.list(), { items: [] })
      assert.deepStrictEqual(yield* daemon.messages.read({ payload: { messages: [] } }), {
        changed: 0
      })
    }).pipe(Effect.provide(connected)))

  it.live("fails with the daemon's own refusal, candidates and hint included", () =>
    Effect.gen(function*() {
      const { meshes } = yield* Daemon

      const refusal = yield* Effect.flip(meshes.show({ query: { mesh: "x" } }))

      assert.instanceOf(refusal, Refused)
      assert.strictEqual(refusal.code, "mesh_not_found")
      assert.deepStrictEqual(refusal.candidates, ["home"])
      assert.strictEqual(refusal.hint, "List what there is: claudemesh mesh list")
    }).pipe(Effect.provide(connected)))

  it.live("fails with internal where the daemon has a bug", () =>
    Effect.gen(function*() {
      const { daemon } = yield* Daemon

      assert.strictEqual((yield* Effect.flip(daemon.status())).code, "internal")
    }).pipe(Effect.provide(connected)))

  it.live("watches what happens", () =>
    Effect.gen(function*() {
      const { events } = yield* Daemon
      const { publish } = yield* LocalEvents

      const stream = yield* events.watch()
      const reader = yield* Effect.forkChild(Stream.runCollect(Stream.take(stream, 2)))
      yield* publish({ type: "lagging" })

      assert.deepStrictEqual((yield* Fiber.join(reader)).map(({ type }) => type), [
        "watching",
        "lagging"
      ])
    }).pipe(Effect.provide(connected)))

  it.live("says that no daemon runs where there is no socket, or a dead one", () =>
    Effect.gen(function*() {
      const { meshes } = yield* Daemon
      const { socket } = yield* Home
      const missing = yield* Effect.flip(meshes.list())

      yield* Effect.provide(Effect.sync(() => renameSync(socket, `${socket}.kept`)), server)
      renameSync(`${socket}.kept`, socket)
      const dead = yield* Effect.flip(meshes.list())

      for (const refusal of [missing, dead]) {
        assert.strictEqual(refusal.code, "daemon_not_running")
        assert.strictEqual(refusal.message, `No daemon listens at "${socket}"`)
      }
    }).pipe(Effect.provide(alone)))

  it.live("does not speak to what is no socket, or a link to one", () =>
    Effect.gen(function*() {
      const { meshes } = yield* Daemon
      const { socket } = yield* Home
      renameSync(socket, `${socket}.real`)
      symlinkSync(`${socket}.real`, socket)
      const link = yield* Effect.flip(meshes.list())
      renameSync(`${socket}.real`, socket)
      renameSync(socket, `${socket}.real`)
      writeFileSync(socket, "")
      const file = yield* Effect.flip(meshes.list())

      assert.deepStrictEqual([link.code, file.code], ["home_unusable", "home_unusable"])
      assert.include(link.message, `Cannot trust "${socket}": it is a symbolic link, not a socket`)
      assert.include(file.message, "it is a file, not a socket")
    }).pipe(Effect.provide(connected)))

  it.live("does not speak to a socket where others could have put one", () =>
    Effect.gen(function*() {
      const { meshes } = yield* Daemon
      const { run } = yield* Home
      chmodSync(run, 0o777)

      const refusal = yield* Effect.flip(meshes.list())

      assert.strictEqual(refusal.code, "home_unusable")
      assert.include(refusal.message, `chmod 700 '${run}'`)
    }).pipe(Effect.provide(connected)))

  it.live("says so when the other side breaks off, or speaks another language", () =>
    Effect.gen(function*() {
      const { events, meshes } = yield* Daemon
      const { socket } = yield* Home

      const brokeOff = yield* Effect.scoped(
        Effect.andThen(listen(socket, ""), Effect.flip(meshes.list()))
      )
      const endedStream = yield* Effect.scoped(
        Effect.andThen(
          listen(socket, STREAM_THAT_ENDS),
          Effect.flatMap(events.watch({}), (stream) => Effect.flip(Stream.runDrain(stream)))
        )
      )
      const nonsense = yield* Effect.scoped(
        Effect.andThen(
          listen(socket, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"),
          Effect.flip(meshes.list())
        )
      )

      assert.strictEqual(brokeOff.code, "daemon_not_running")
      assert.include(brokeOff.message, "broke off")
      assert.strictEqual(endedStream.code, "daemon_not_running")
      assert.include(endedStream.message, "broke off")
      assert.strictEqual(nonsense.code, "internal")
    }).pipe(Effect.provide(alone)))
})

/** The head of an answer that promises more than comes. */
const STREAM_THAT_ENDS = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n" +
  "transfer-encoding: chunked\r\n\r\n"

/** A server that answers everything with one text and hangs up. */
function listen(path: string, answer: string) {
  return Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer((socket) => {
        socket.once("data", () => socket.end(answer))
      })
      server.listen(path, () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => server.close())
  )
}
