import { assert, describe, it } from "@effect/vitest"
import { isLoopback, originForOthers } from "./own_address.ts"

const here = "http://127.0.0.1:7843"
const machine = "http://my-host:7843"

describe("isLoopback", () => {
  it.each([here, "http://localhost", "https://[::1]:7843"])("holds for %s", (origin) => {
    assert.isTrue(isLoopback(origin))
  })

  it.each([machine, "https://127.example", "http://localhost.example:80"])(
    "does not hold for %s",
    (origin) => {
      assert.isFalse(isLoopback(origin))
    }
  )
})

describe("originForOthers", () => {
  it("is the machine's name where it listens on every address", () => {
    const origins = [here, "http://localhost:7843", machine, "http://192.0.2.7:7843"]
    assert.strictEqual(originForOthers({ origin: here, origins }), machine)
  })

  it("is nothing where nobody else reaches it, or where all call it the same", () => {
    assert.isUndefined(originForOthers({ origin: here, origins: [here, "http://localhost:7843"] }))
    assert.isUndefined(originForOthers({ origin: machine, origins: [machine, here] }))
  })
})
