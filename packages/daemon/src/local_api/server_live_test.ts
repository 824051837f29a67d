import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Layer } from "effect"
import { execFileSync } from "node:child_process"
import { lstatSync, writeFileSync } from "node:fs"
import { type IncomingMessage, request, type RequestOptions } from "node:http"
import { Home } from "../home.ts"
import { layerStubHandlers } from "../testing/stub_handlers.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { LocalEvents } from "./events.ts"
import { layer } from "./server.ts"

const server = layer.pipe(Layer.provide(layerStubHandlers), Layer.provide(LocalEvents.layer))
const serving = Layer.provideMerge(server, layerTemporaryHome)

describe("local API server", () => {
  it.live("listens on a socket that only its user may connect to", () =>
    Effect.gen(function*() {
      const { socket } = yield* Home

      assert.strictEqual(lstatSync(socket).mode & 0o777, 0o600)
      assert.strictEqual((yield* ask({ path: "/v1/meshes" })).statusCode, 200)
    }).pipe(Effect.provide(serving)))

  it.live("describes itself", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* ask({ path: "/openapi.json" })).statusCode, 200)
    }).pipe(Effect.provide(serving)))

  it.live("refuses headers of more than 16 KB", () =>
    Effect.gen(function*() {
      const { statusCode } = yield* ask({
        path: "/v1/meshes",
        headers: { "x-long": "x".repeat(17_000) }
      })

      assert.strictEqual(statusCode, 431)
    }).pipe(Effect.provide(serving)))

  it.live("turns the 65th connection away", () =>
    Effect.gen(function*() {
      const streams = yield* Effect.forEach(Array.from({ length: 64 }), () =>
        ask({ path: "/v1/events" }), {
        concurrency: "unbounded"
      })
      assert.isTrue(streams.every(({ statusCode }) =>
        statusCode === 200
      ))

      const failure = yield* Effect.flip(ask({ path: "/v1/meshes" }))

      assert.match(String(failure.cause), /ECONNRESET|EPIPE|socket hang up/)
    }).pipe(Effect.provide(serving)))

  it.live("replaces a socket that a killed daemon left behind", () =>
    Effect.gen(function*() {
      const { socket } = yield* Home
      leaveSocketBehind(socket)

      const { statusCode } = yield* Effect.provide(ask({ path: "/v1/meshes" }), server)

      assert.strictEqual(statusCode, 200)
    }).pipe(Effect.provide(layerTemporaryHome)))

  it.live("does not remove what is no socket", () =>
    Effect.gen(function*() {
      const { socket } = yield* Home
      writeFileSync(socket, "precious")

      const refusal = yield* Effect.flip(Layer.build(server))

      assert.strictEqual(refusal.code, "home_unusable")
      assert.isTrue(lstatSync(socket).isFile())
    }).pipe(Effect.scoped, Effect.provide(layerTemporaryHome)))

  it.live("stops although somebody watches, and takes its socket along", () =>
    Effect.gen(function*() {
      const { socket } = yield* Home

      const watched = ask({ path: "/v1/events" }).pipe(
        Effect.provide(server),
        Effect.timeout("5 seconds")
      )

      assert.strictEqual((yield* watched).statusCode, 200)
      assert.isUndefined(lstatSync(socket, { throwIfNoEntry: false }))
    }).pipe(Effect.provide(layerTemporaryHome)))
})

/** Sends a request on a connection of its own; fails with what the system said. */
const ask = Effect.fn("ask")(function*(options: RequestOptions) {
  const { socket } = yield* Home
  return yield* Effect.callback<IncomingMessage, Cause.UnknownError>((resume) => {
    const asked = request({ socketPath: socket, agent: false, ...options }, (response) => {
      resume(Effect.succeed(response))
    })
    asked.on("error", (error) => resume(Effect.fail(new Cause.UnknownError(error))))
    asked.end()
  })
})

/** Listens in a process that ends by `SIGKILL`, which removes nothing. */
function leaveSocketBehind(path: string): void {
  const script =
    "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))"
  try {
    execFileSync(process.execPath, ["-e", script, path])
  } catch {
    assert.isTrue(lstatSync(path).isSocket())
  }
}
