import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Home } from "../home.ts"
import { LocalEvents } from "../local_api/events.ts"
import { layer } from "../local_api/server.ts"
import { layerStubHandlers } from "../testing/stub_handlers.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { ask, eventsOf, stream } from "./local_http.ts"

const serving = layer.pipe(
  Layer.provide(layerStubHandlers),
  Layer.provideMerge(LocalEvents.layer),
  Layer.provideMerge(layerTemporaryHome)
)

describe("ask", () => {
  it.live("gives the daemon's answer, and its refusal", () =>
    Effect.gen(function*() {
      const { socket } = yield* Home

      const meshes = yield* asked(socket, "/v1/meshes")
      const refusal = yield* asked(socket, "/v1/meshes/show")

      assert.deepStrictEqual(meshes, { status: 200, json: { items: [] } })
      assert.strictEqual(refusal.status, 404)
      assert.deepInclude(refusal.json, { code: "mesh_not_found" })
    }).pipe(Effect.provide(serving)))

  it.live("sends what it is given", () =>
    Effect.gen(function*() {
      const { socket } = yield* Home

      const answer = yield* Effect.promise(() =>
        ask({ socketPath: socket, token: "t" }, {
          method: "POST",
          path: "/v1/inbox/read",
          body: { messages: [] },
          key: "k",
          timeoutMillis: 5_000
        })
      )

      assert.isBelow(answer.status, 500)
    }).pipe(Effect.provide(serving)))

  it.live("rejects where nobody listens, and where nobody answers in time", () =>
    Effect.gen(function*() {
      const { socket } = yield* Home

      const nobody = yield* Effect.promise(() => failureOf(`${socket}.x`, "/v1/meshes"))
      const late = yield* Effect.promise(() =>
        ask({ socketPath: socket }, {
          method: "POST",
          path: "/v1/meshes/use",
          body: { mesh: "x" },
          timeoutMillis: 100
        }).then(() => "", String)
      )

      assert.match(nobody, /ENOENT/)
      assert.match(late, /no answer within 100 ms/)
    }).pipe(Effect.provide(serving)))
})

describe("stream", () => {
  it.live("reads events for longer than an answer may take, until it is ended", () =>
    Effect.gen(function*() {
      const { socket } = yield* Home
      const events: Array<unknown> = []
      let ends = 0

      const end = stream({ socketPath: socket }, {
        method: "GET",
        path: "/v1/events",
        timeoutMillis: 100
      }, { onEvent: (event) => events.push(event), onEnd: () => ends += 1 })
      yield* Effect.sleep("400 millis")

      assert.strictEqual(ends, 0)
      assert.strictEqual(events.length, 1)
      end()
      yield* Effect.sleep("50 millis")
      assert.strictEqual(ends, 0)
    }).pipe(Effect.provide(serving)))

  it.live("says once that there is none", () =>
    Effect.gen(function*() {
      const { socket } = yield* Home
      const ends: Array<number | undefined> = []

      for (
        const [path, socketPath] of [["/v1/nothing", socket], [
          "/v1/events",
          `${socket}.x`
        ]] as const
      ) {
        stream({ socketPath }, { method: "GET", path, timeoutMillis: 1_000 }, {
          onEvent: () => {},
          onEnd: (status) => ends.push(status)
        })
      }
      yield* Effect.sleep("200 millis")

      assert.sameMembers(ends, [404, undefined])
    }).pipe(Effect.provide(serving)))
})

describe("eventsOf", () => {
  it("takes a stream apart wherever it is cut", () => {
    const text = "event: a\ndata: {\"n\":1}\n\n: beat\n\ndata: {\"n\":\ndata: 2}\n\ndata: no\n\n"

    for (let at = 0; at <= text.length; at += 1) {
      const events: Array<unknown> = []
      const parse = eventsOf((event) => events.push(event))
      parse(text.slice(0, at))
      parse(text.slice(at))
      assert.deepStrictEqual(events, [{ n: 1 }, { n: 2 }])
    }
  })
})

function asked(socketPath: string, path: string) {
  return Effect.promise(() => ask({ socketPath }, { method: "GET", path, timeoutMillis: 5_000 }))
}

function failureOf(socketPath: string, path: string): Promise<string> {
  return ask({ socketPath }, { method: "GET", path, timeoutMillis: 1_000 }).then(() => "", String)
}
