import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { listen } from "./listener.ts"

const host = "127.0.0.1"

describe("listen", () => {
  it.live("takes a free port, and gives it back with the scope", () =>
    Effect.gen(function*() {
      const { port } = yield* Effect.scoped(listen({ host, port: 0 }))
      const again = yield* Effect.scoped(listen({ host, port }))
      assert.strictEqual(again.port, port)
    }))

  it.live("refuses a port that is taken, and an address that is not this machine's", () =>
    Effect.gen(function*() {
      const { port } = yield* listen({ host, port: 0 })
      const taken = yield* Effect.flip(listen({ host, port }))
      assert.strictEqual(taken.code, "address_in_use")
      assert.include(taken.message, `${host}:${port}`)
      const foreign = yield* Effect.flip(listen({ host: "192.0.2.1", port: 0 }))
      assert.strictEqual(foreign.code, "address_in_use")
      const none = yield* Effect.flip(listen({ host, port: 70_000 }))
      assert.strictEqual(none.code, "usage")
    }).pipe(Effect.scoped))

  it.live("sets the limits that Node leaves wide", () =>
    Effect.gen(function*() {
      const { server } = yield* listen({ host, port: 0 })
      assert.strictEqual(server.headersTimeout, 5_000)
      assert.strictEqual(server.requestTimeout, 10_000)
    }).pipe(Effect.scoped))
})
