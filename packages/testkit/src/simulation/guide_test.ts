import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8")
}

it("shows the example in the guide as it is, and it is short", () => {
  const example = read("example_test.ts")
  assert.include(read("../../../../docs/simulation.md"), `\`\`\`ts\n${example}\`\`\``)
  assert.isAtMost(example.split("\n").length, 30)
})
