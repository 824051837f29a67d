import { assert, describe, it } from "@effect/vitest"
import { StoreFailed } from "./store_failed.ts"
import { toRefused } from "./store_refusal.ts"

describe("toRefused", () => {
  it("tells a client that the disk is full, and of other faults only that it may come back", () => {
    const reason = "disk I/O error in /var/lib/secret"
    const full = toRefused(new StoreFailed({ fault: "full", reason }))
    const broken = toRefused(new StoreFailed({ fault: "io", reason }))

    assert.strictEqual(full.code, "store_full")
    assert.strictEqual(broken.code, "overloaded")
    assert.isTrue(broken.retryable)
    assert.notInclude(full.message + broken.message, "secret")
  })
})
