import { assert, describe, it } from "@effect/vitest"
import { failed, ok, skipped, warning } from "./finding.ts"

const fix = { cmd: "claudemesh up", why: "it helps" }

describe("finding", () => {
  it("has a fix where there is one", () => {
    assert.deepStrictEqual(failed("broken", fix), { status: "failed", says: "broken", fix })
    assert.deepStrictEqual(warning("odd", fix), { status: "warning", says: "odd", fix })
    assert.deepStrictEqual(failed("broken"), { status: "failed", says: "broken" })
    assert.deepStrictEqual([ok("a").status, skipped("b").status], ["ok", "skipped"])
  })
})
