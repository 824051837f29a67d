import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { isLoopback, isPrivate, isWildcard, localOrigin, originFor } from "./origins.ts"

const machine = { hostName: "Box", addresses: ["127.0.0.1", "192.168.1.5", "fe80::1"] }

function origin(host: string | undefined, listen: string, publicUrl?: string) {
  const listening = { host: listen, port: 7843, ...publicUrl === undefined ? {} : { publicUrl } }
  return Result.getOrElse(originFor(host, listening, machine), ({ code }) => code)
}

describe("originFor", () => {
  it.each([
    ["localhost:7843", "127.0.0.1", "http://localhost:7843"],
    ["127.0.0.1:7843", "127.0.0.1", "http://127.0.0.1:7843"],
    ["[::1]:7843", "::1", "http://[::1]:7843"],
    ["LOCALHOST:7843", "0.0.0.0", "http://localhost:7843"],
    ["192.168.1.5:7843", "0.0.0.0", "http://192.168.1.5:7843"],
    ["box:7843", "0.0.0.0", "http://box:7843"],
    ["[fe80::1]:7843", "::", "http://[fe80::1]:7843"],
    ["192.168.1.5:7843", "192.168.1.5", "http://192.168.1.5:7843"],
    ["box:7843", "192.168.1.5", "http://box:7843"],
    ["mesh.lan:7843", "mesh.lan", "http://mesh.lan:7843"]
  ])("claims %s when it listens on %s", (host, listen, expected) => {
    assert.strictEqual(origin(host, listen), expected)
  })

  it.each([
    ["evil.example:7843", "127.0.0.1"],
    ["127.0.0.1:80", "127.0.0.1"],
    ["127.0.0.1", "127.0.0.1"],
    ["192.168.1.5:7843", "127.0.0.1"],
    ["localhost:7843", "192.168.1.5"],
    ["localhost:7843@evil.example", "127.0.0.1"],
    ["localhost.evil.example:7843", "0.0.0.0"],
    ["10.0.0.1:7843", "0.0.0.0"],
    ["", "0.0.0.0"],
    [undefined, "0.0.0.0"]
  ])("refuses %s when it listens on %s", (host, listen) => {
    assert.strictEqual(origin(host, listen), "wrong_origin")
  })

  it("claims its public URL and nothing else", () => {
    const url = "https://mesh.acme.dev/some/path"
    assert.strictEqual(origin("127.0.0.1:7843", "127.0.0.1", url), "https://mesh.acme.dev")
    assert.strictEqual(origin("evil.example", "127.0.0.1", url), "https://mesh.acme.dev")
  })

  it("says which names are its own, and what to do", () => {
    const refused = originFor("evil.example", { host: "127.0.0.1", port: 7843 }, machine)
    const { message } = Result.getOrThrow(Result.flip(refused))
    assert.include(message, "127.0.0.1:7843")
    assert.include(message, "--public-url")
  })
})

describe("isPrivate", () => {
  it("holds while nobody but this machine reaches the broker", () => {
    const here = { host: "127.0.0.1", port: 1 }
    assert.isTrue(isPrivate(here))
    assert.isTrue(isPrivate({ ...here, publicUrl: "http://localhost:1" }))
    assert.isFalse(isPrivate({ ...here, publicUrl: "https://mesh.acme.dev" }))
    assert.isFalse(isPrivate({ ...here, host: "0.0.0.0" }))
  })
})

describe("isLoopback", () => {
  it("knows this machine's own addresses", () => {
    const own = ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]", "::ffff:127.0.0.1"]
    assert.deepStrictEqual(own.filter((host) => !isLoopback(host)), [])
    const others = ["0.0.0.0", "::", "10.0.0.1", "127.evil.example", "localhost.evil.example"]
    assert.deepStrictEqual(others.filter(isLoopback), [])
  })
})

describe("isWildcard", () => {
  it("knows what stands for every interface", () => {
    assert.deepStrictEqual(["", "0.0.0.0", "::", "[::]"].filter((host) => !isWildcard(host)), [])
    assert.isFalse(isWildcard("127.0.0.1"))
  })
})

describe("localOrigin", () => {
  it("is an address that works on this machine", () => {
    assert.strictEqual(localOrigin({ host: "0.0.0.0", port: 7843 }), "http://127.0.0.1:7843")
    assert.strictEqual(localOrigin({ host: "::1", port: 7843 }), "http://[::1]:7843")
    const publicUrl = "https://mesh.acme.dev/"
    assert.strictEqual(localOrigin({ host: "", port: 1, publicUrl }), "https://mesh.acme.dev")
  })
})
