import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { request, type RequestOptions } from "node:http"
import { text } from "node:stream/consumers"
import { Home } from "../home.ts"
import { layerStubHandlers } from "../testing/stub_handlers.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { LocalEvents } from "./events.ts"
import { layer } from "./server.ts"

const serving = layer.pipe(
  Layer.provide(layerStubHandlers),
  Layer.provide(LocalEvents.layer),
  Layer.provideMerge(layerTemporaryHome)
)

const READ = { method: "POST", path: "/v1/inbox/read" }

describe("gate", () => {
  it.live("refuses what comes from a web page", () =>
    Effect.gen(function*() {
      const answer = yield* ask({ path: "/v1/meshes", headers: { origin: "https://evil.example" } })

      assert.deepStrictEqual([answer.status, answer.body.code], [403, "not_permitted"])
    }).pipe(Effect.provide(serving)))

  it.live("refuses a path that nothing is served at", () =>
    Effect.gen(function*() {
      const { body, status } = yield* ask({ path: "/v2/else" })

      assert.strictEqual(status, 404)
      assert.deepStrictEqual(body, {
        _tag: "Refused",
        code: "unsupported",
        message: "Nothing is served at GET /v2/else"
      })
    }).pipe(Effect.provide(serving)))

  it.live("refuses a body that is no JSON, not what the protocol describes, or of another type", () =>
    Effect.gen(function*() {
      const broken = yield* ask(READ, "{\"messages\":")
      const other = yield* ask(READ, "{\"messages\":7}")
      const plain = yield* ask({ ...READ, headers: { "content-type": "text/plain" } }, "hello")

      for (const { body, status } of [broken, other, plain]) {
        assert.deepStrictEqual([status, body.code], [400, "malformed"])
      }
      assert.include(other.body.message, "messages")
    }).pipe(Effect.provide(serving)))

  it.live("refuses a body that is too large, whether it says so or not", () =>
    Effect.gen(function*() {
      const large = " ".repeat(1_048_577)
      const said = yield* ask({ ...READ, headers: { "content-length": large.length } }, large)
      const unsaid = yield* ask({ ...READ, headers: { "transfer-encoding": "chunked" } }, large)

      for (const { body, status } of [said, unsaid]) {
        assert.deepStrictEqual([status, body.code], [413, "too_large"])
      }
    }).pipe(Effect.provide(serving)))

  it.live("answers what a handler died of as internal, without its words", () =>
    Effect.gen(function*() {
      const { body, status } = yield* ask({ path: "/v1/status" })

      assert.deepStrictEqual([status, body.code], [500, "internal"])
      assert.notInclude(body.message, "not part of the test")
    }).pipe(Effect.provide(serving)))

  it.live("tells a full disk and a failing one from a bug", () =>
    Effect.gen(function*() {
      const full = yield* ask({ path: "/v1/invites?mesh=full" })
      const failing = yield* ask({ path: "/v1/invites?mesh=failing" })

      assert.deepStrictEqual([full.status, full.body.code], [507, "disk_full"])
      assert.deepStrictEqual([failing.status, failing.body.code], [503, "disk_failed"])
      assert.include(failing.body.message, "disk I/O error")
    }).pipe(Effect.provide(serving)))

  it.live("passes a handler's refusal on, with the status of its code", () =>
    Effect.gen(function*() {
      const { body, status } = yield* ask({ path: "/v1/meshes/show?mesh=x" })

      assert.strictEqual(status, 404)
      assert.deepStrictEqual(body, {
        _tag: "Refused",
        code: "mesh_not_found",
        message: "There is no mesh \"x\"",
        candidates: ["home"]
      })
    }).pipe(Effect.provide(serving)))
})

interface RawAnswer {
  readonly status: number | undefined
  readonly body: {
    readonly _tag: string
    readonly code: string
    readonly message: string
    readonly candidates?: ReadonlyArray<string>
  }
}

/** Sends a request as no client of ours would. */
const ask = Effect.fn("ask")(function*(options: RequestOptions, body = "") {
  const { socket } = yield* Home
  return yield* Effect.callback<RawAnswer>((resume) => {
    const asked = request({ socketPath: socket, agent: false, ...options }, (response) => {
      resume(Effect.map(Effect.promise(() => text(response)), (answer) => ({
        status: response.statusCode,
        body: JSON.parse(answer)
      })))
    })
    asked.on("error", (error) => resume(Effect.die(error)))
    asked.end(body)
  })
})
