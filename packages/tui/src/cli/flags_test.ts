import { pageSizes } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { type as typed } from "../testing/command_line.ts"
import { durationFlag, given, limitFlag, listenFlag, parseListen } from "./flags.ts"

describe("parseListen", () => {
  it.each([
    ["127.0.0.1:7843", { host: "127.0.0.1", port: 7843 }],
    ["[::1]:0", { host: "::1", port: 0 }],
    ["localhost:80", { host: "localhost", port: 80 }]
  ])("reads %s", (text, listen) => {
    assert.deepStrictEqual(parseListen(text), Option.some(listen))
  })

  it.each([
    "7843",
    ":7843",
    "localhost",
    "::1:80",
    "localhost:65536",
    "http://localhost:80",
    "a b:1"
  ])(
    "does not read %s",
    (text) => {
      assert.deepStrictEqual(parseListen(text), Option.none())
    }
  )
})

describe("given", () => {
  it("keeps what was given", () => {
    assert.deepStrictEqual(given({ a: Option.some(1), b: Option.none() }), { a: 1 })
  })
})

describe("durationFlag", () => {
  it.effect("says what a duration looks like", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typed(["invite", "create", "--expires", "5x"])

      assert.strictEqual(durationFlag("expires", "").kind, "flag")
      assert.strictEqual(exit, 2)
      assert.include(stderr, "Expected a duration such as 90s, 24h or 7d, got \"5x\"")
    }))
})

describe("limitFlag", () => {
  it.effect("takes as many as fit on a page, and names what it does not take", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typed(["search", "x", "--limit", "201"])

      assert.strictEqual(limitFlag(pageSizes.search).kind, "flag")
      assert.strictEqual(exit, 2)
      assert.match(stderr, /--limit.*Expected 1 to 200, got 201/)
    }))
})

describe("listenFlag", () => {
  it.effect("says what an address looks like", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typed(["up", "--listen", "7843"])

      assert.strictEqual(listenFlag("").kind, "flag")
      assert.strictEqual(exit, 2)
      assert.include(stderr, "Expected HOST:PORT, got \"7843\"")
    }))
})
