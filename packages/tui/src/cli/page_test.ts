import { assert, describe, it } from "@effect/vitest"
import { counted, type Page, pairs, table } from "./page.ts"

const terminal: Page = { plain: false, colour: false, interactive: true, now: 0 }
const pipe: Page = { ...terminal, plain: true, interactive: false }
const rows = [{ name: "漢字", state: "online" }, { name: "a\x1b[2J\tb", state: "gone" }]
const columns = [
  { title: "NAME", cell: (row: { name: string }) => row.name },
  { title: "STATE", cell: (row: { state: string }) => row.state, tone: () => "good" as const }
]

describe("table", () => {
  it("aligns columns under headings on a terminal, by the width of what is shown", () => {
    assert.strictEqual(table(terminal, columns, rows), "NAME  STATE\n漢字  online\na b   gone")
  })

  it("separates by tabs and leaves the headings out in a pipe", () => {
    assert.strictEqual(table(pipe, columns, rows), "漢字\tonline\na b\tgone")
  })

  it("colours whole cells where there is colour", () => {
    const text = table({ ...terminal, colour: true }, columns, rows.slice(0, 1))
    assert.strictEqual(
      text,
      "\x1b[2mNAME\x1b[0m  \x1b[2mSTATE \x1b[0m\n漢字  \x1b[32monline\x1b[0m"
    )
  })
})

describe("pairs", () => {
  it("leaves out what has no value", () => {
    const rows = [["name", "home"], ["role", undefined], ["at", "x\ny"]] as const
    assert.strictEqual(pairs(terminal, rows), "name  home\nat    x y")
    assert.strictEqual(pairs(pipe, rows), "name\thome\nat\tx y")
  })
})

describe("counted", () => {
  it("knows one from many", () => {
    assert.deepStrictEqual([0, 1, 2].map((n) => counted(n, "member")), [
      "0 members",
      "1 member",
      "2 members"
    ])
  })
})
