import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { isOlder, NODE_FLOOR, runtime, runtimeFinding } from "./runtime_check.ts"
import { machine } from "./testing/fake_machine.ts"

describe("runtime", () => {
  it("fails on a Node below the floor, and names what installs one", () => {
    const { fix, status } = runtimeFinding("22.4.1", "/opt/claudemesh/main.ts")

    assert.strictEqual(status, "failed")
    assert.include(fix?.cmd, "node")
  })

  it("warns of an executable that will not stay where it is", () => {
    for (const main of ["/srv/ada/.npm/_npx/1f2/main.ts", `${tmpdir()}/x/main.ts`]) {
      assert.strictEqual(runtimeFinding(NODE_FLOOR, main).status, "warning")
    }
  })

  it.effect("is well here", () =>
    Effect.gen(function*() {
      const [finding] = yield* runtime
      assert.strictEqual(finding?.status, "ok")
    }).pipe(Effect.provide(machine())))

  it("has the floor of package.json", () => {
    const manifest = readFileSync(new URL("../../../../package.json", import.meta.url), "utf8")
    assert.include(manifest, `"node": ">=${NODE_FLOOR.replace(/\.0$/, "")}"`)
  })
})

describe("isOlder", () => {
  it("compares numbers, not letters", () => {
    assert.isTrue(isOlder("2.1.99", "2.1.250"))
    assert.isFalse(isOlder("2.1.250", "2.1.250"))
    assert.isFalse(isOlder("3.0.0", "2.1.250"))
    assert.isTrue(isOlder("24.10.9-rc.1", "24.11.0"))
  })
})
