import { assert, describe, it } from "@effect/vitest"
import { defaultBrokerLimits } from "../broker_limits.ts"
import { UnattachedCaps } from "./unattached_caps.ts"

const limits = { ...defaultBrokerLimits, unattachedMax: 5, unattachedPerAddressMax: 2 }

describe("UnattachedCaps", () => {
  it("bounds what one address has open, until it lets go", () => {
    const caps = new UnattachedCaps({ ...limits, connectsPerAddressPerSecond: 1_000 })
    const codes = [0, 1, 2].map((now) => caps.open("10.0.0.1", now)?.code)
    assert.deepStrictEqual(codes, [undefined, undefined, "rate_limited"])
    assert.isUndefined(caps.open("10.0.0.2", 3))
    caps.release("10.0.0.1")
    assert.isUndefined(caps.open("10.0.0.1", 1_000))
  })

  it("bounds how fast one address opens", () => {
    const caps = new UnattachedCaps({ ...limits, connectsPerAddressPerSecond: 1 })
    const codes = [0, 0, 0, 1_000, 1_000].map((now) => {
      const code = caps.open("10.0.0.1", now)?.code
      if (code === undefined) caps.release("10.0.0.1")
      return code
    })
    assert.deepStrictEqual(codes, [undefined, undefined, "rate_limited", undefined, "rate_limited"])
  })

  it("bounds all together, this machine's own as well", () => {
    const caps = new UnattachedCaps(limits)
    const codes = [1, 2, 3, 4, 5, 6].map((now) => caps.open("127.0.0.1", now)?.code)
    assert.deepStrictEqual(codes.filter((code) => code !== undefined), ["overloaded"])
  })
})
