import { assert, describe, it } from "@effect/vitest"
import { marksIn, startTicks } from "./process_table.ts"

describe("startTicks", () => {
  it("reads the start past a name that holds anything", () => {
    assert.strictEqual(startTicks(stat("(node)", "S")), "4242")
    assert.strictEqual(startTicks(stat("(a) S 9 (b)", "R")), "4242")
  })

  it("takes a zombie for ended", () => {
    assert.isUndefined(startTicks(stat("(node)", "Z")))
  })
})

describe("marksIn", () => {
  it("reads what ps says, whatever the width of its columns", () => {
    const lines = [
      "    7 Ss   Tue Nov 24 05:30:00 2026",
      "12345 R+   Tue Nov 24 05:31:07 2026   ",
      "    8 Z    Tue Nov 24 05:30:00 2026",
      ""
    ]

    assert.deepStrictEqual(
      [...marksIn(lines)],
      [[7, "Tue Nov 24 05:30:00 2026"], [12_345, "Tue Nov 24 05:31:07 2026"]]
    )
  })
})

/** A line of `/proc/<pid>/stat`, whose 22nd field is the start. */
function stat(name: string, state: string): string {
  const between = Array.from({ length: 18 }, (_, nth) => nth + 4)
  return `7 ${name} ${state} ${between.join(" ")} 4242 0 0\n`
}
