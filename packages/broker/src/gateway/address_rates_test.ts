import { assert, describe, it } from "@effect/vitest"
import { AddressRates, networkOf } from "./address_rates.ts"

describe("AddressRates", () => {
  it("lets an address do so much at once, and then so much a second", () => {
    const rates = new AddressRates({ perSecond: 1, burst: 2 })
    const taken = [0, 0, 0, 1_000, 1_000].map((now) => rates.take("10.0.0.1", now))
    assert.deepStrictEqual(taken, [true, true, false, true, false])
    assert.isTrue(rates.take("10.0.0.2", 0))
  })

  it("does not bound this machine", () => {
    const rates = new AddressRates({ perSecond: 1, burst: 1 })
    assert.isTrue([1, 2, 3].every(() => rates.take("127.0.0.1", 0)))
  })

  it("remembers a bounded number of addresses, those that are busy", () => {
    const rates = new AddressRates({ perSecond: 0, burst: 1 })
    rates.take("10.0.0.1", 0)
    for (let at = 0; at < 20_000; at++) {
      rates.take(`11.0.${at >> 8}.${at & 255}`, 0)
      assert.isFalse(rates.take("10.0.0.1", 0))
    }
    assert.isTrue(rates.take("11.0.0.0", 0))
  })
})

describe("networkOf", () => {
  it("is the address of IPv4, however it is written", () => {
    assert.strictEqual(networkOf("10.0.0.1"), "10.0.0.1")
    assert.strictEqual(networkOf("::ffff:10.0.0.1"), "10.0.0.1")
  })

  it("is one for all addresses of an IPv6 network", () => {
    assert.strictEqual(networkOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2")
    assert.strictEqual(networkOf("2001:db8:1:2::6"), "2001:db8:1:2")
    assert.strictEqual(networkOf("2001:db8::1"), "2001:db8:0:0")
    assert.strictEqual(networkOf("fe80::1"), "fe80:0:0:0")
  })
})
