import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { readRequest } from "./api_request.ts"
import { makeRequestLog } from "./request_log.ts"

const other = readRequest({ method: "HEAD", path: "/", headers: {}, text: "" })
const main = { ...other, kind: "main" } as const

describe("RequestLog", () => {
  it("counts each kind for itself", () => {
    const log = makeRequestLog()
    for (const request of [main, other, main]) log.add(request, 5)

    assert.deepStrictEqual(log.of("main").map(({ number }) => number), [0, 1])
    assert.deepStrictEqual(log.all().map(({ kind }) => kind), ["main", "other", "main"])
  })

  it.effect("finds a request that came, and one that comes", () =>
    Effect.gen(function*() {
      const log = makeRequestLog()
      const first = log.add(main, 1)
      const second = yield* Effect.forkChild(log.first(({ number }) => number === 1))
      yield* Effect.yieldNow
      const added = log.add(main, 2)

      assert.strictEqual(yield* log.first(({ kind }) => kind === "main"), first)
      assert.strictEqual(yield* Fiber.join(second), added)
    }))
})
