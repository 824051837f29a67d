import { DIALLED_HEADER } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import {
  isLoopback,
  isPrivate,
  isWildcard,
  localOrigin,
  originFor,
  ownOrigins,
  type RequestHeaders
} from "./origins.ts"

const machine = { hostName: "Box", addresses: ["127.0.0.1", "192.168.1.5", "fe80::1"] }

const PUBLIC_URL = "https://mesh.acme.dev/some/path"

function answerTo(headers: RequestHeaders, listen: string, publicUrl?: string) {
  const listening = { host: listen, port: 7843, ...publicUrl === undefined ? {} : { publicUrl } }
  return Result.getOrElse(originFor(headers, listening, machine), ({ code }) => code)
}

function origin(host: string | undefined, listen: string, publicUrl?: string) {
  return answerTo({ host }, listen, publicUrl)
}

/** What a client hears that dialled that origin, through a proxy that has put its own `Host`. */
function dialled(origin: string | ReadonlyArray<string>, listen: string, publicUrl?: string) {
  return answerTo({ host: "proxy.internal", [DIALLED_HEADER]: origin }, listen, publicUrl)
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

  it("claims its public URL for whoever does not say what it dialled", () => {
    const expected = "https://mesh.acme.dev"
    assert.strictEqual(origin("127.0.0.1:7843", "127.0.0.1", PUBLIC_URL), expected)
    assert.strictEqual(origin("evil.example", "127.0.0.1", PUBLIC_URL), expected)
    assert.strictEqual(origin(undefined, "127.0.0.1", PUBLIC_URL), expected)
  })

  it.each([
    ["http://127.0.0.1:7843", "127.0.0.1", undefined],
    ["http://192.168.1.5:7843", "0.0.0.0", undefined],
    ["https://mesh.acme.dev", "127.0.0.1", PUBLIC_URL],
    ["http://127.0.0.1:7843", "127.0.0.1", PUBLIC_URL],
    ["http://localhost:7843", "0.0.0.0", PUBLIC_URL],
    ["http://[fe80::1]:7843", "::", PUBLIC_URL]
  ])(
    "claims %s that was dialled when it listens on %s and is known as %s",
    (url, listen, known) => {
      assert.strictEqual(dialled(url, listen, known), url)
    }
  )

  it.each([
    ["http://evil.example:7843", "0.0.0.0", PUBLIC_URL],
    ["https://evil.example", "127.0.0.1", PUBLIC_URL],
    ["http://mesh.acme.dev", "127.0.0.1", PUBLIC_URL],
    ["https://mesh.acme.dev:7843", "127.0.0.1", PUBLIC_URL],
    ["https://127.0.0.1:7843", "127.0.0.1", PUBLIC_URL],
    ["http://127.0.0.1:80", "127.0.0.1", PUBLIC_URL],
    ["http://192.168.1.5:7843", "127.0.0.1", PUBLIC_URL],
    ["http://127.0.0.1:7843@evil.example", "127.0.0.1", undefined],
    ["http://127.0.0.1:7843, https://mesh.acme.dev", "127.0.0.1", PUBLIC_URL],
    ["127.0.0.1:7843", "127.0.0.1", undefined],
    ["null", "127.0.0.1", undefined],
    ["", "127.0.0.1", PUBLIC_URL]
  ])(
    "refuses %s that was dialled when it listens on %s and is known as %s",
    (url, listen, known) => {
      assert.strictEqual(dialled(url, listen, known), "wrong_origin")
    }
  )

  it("believes no `Host` of its own beside a dialled origin that is not", () => {
    const headers = { host: "127.0.0.1:7843", [DIALLED_HEADER]: "http://evil.example" }
    assert.strictEqual(answerTo(headers, "127.0.0.1"), "wrong_origin")
  })

  it("says which names are its own, and what to do", () => {
    const here = { host: "127.0.0.1", port: 7843 }
    const refused = originFor({ host: "evil.example" }, here, machine)
    const { message } = Result.getOrThrow(Result.flip(refused))
    assert.include(message, "http://evil.example")
    assert.include(message, "http://127.0.0.1:7843")
    assert.include(message, "--public-url")
  })

  it("names its public URL alone where it has one", () => {
    const known = { host: "0.0.0.0", port: 7843, publicUrl: PUBLIC_URL }
    const refused = originFor({ [DIALLED_HEADER]: "http://evil.example" }, known, machine)
    const { message } = Result.getOrThrow(Result.flip(refused))
    assert.include(message, "this broker is https://mesh.acme.dev;")
    assert.notInclude(message, "192.168.1.5")
  })
})

describe("ownOrigins", () => {
  it("begins with the public URL, and names each once", () => {
    const listening = { host: "127.0.0.1", port: 80, publicUrl: "http://localhost/" }
    const expected = ["http://localhost", "http://127.0.0.1", "http://[::1]"]
    assert.deepStrictEqual(ownOrigins(listening, machine), expected)
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
