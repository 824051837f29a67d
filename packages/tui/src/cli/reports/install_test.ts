import { assert, describe, it } from "@effect/vitest"
import { textOfChanges } from "./install.ts"

const page = { plain: false, colour: false, interactive: true, now: 0 }
const changes = [
  { path: "/a\u001B[2J", change: "created", diff: "" },
  { path: "/b", change: "changed", diff: "-x\u001B[2J\n+y" }
] as const

describe("changes", () => {
  it("show eyes how a file changes, and cannot be painted over", () => {
    assert.strictEqual(
      textOfChanges(changes, page),
      "created    /a\nchanged    /b\n    -x\n    +y"
    )
  })

  it("are one row a file in a pipe", () => {
    assert.strictEqual(textOfChanges(changes, { ...page, plain: true }), "created\t/a\nchanged\t/b")
  })
})
