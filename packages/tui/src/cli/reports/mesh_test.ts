import { assert, describe, it } from "@effect/vitest"
import type { Page } from "../page.ts"
import { mesh, NOW, offlineMesh } from "../../testing/samples.ts"
import { linkTone, linkWord, textOfMesh, youAre } from "./mesh.ts"

const page: Page = { plain: false, colour: false, interactive: true, now: NOW }

describe("linkWord", () => {
  it("says why a mesh is not connected, and nothing where it is", () => {
    assert.strictEqual(linkWord(mesh.link), "connected")
    assert.strictEqual(linkWord({ ...mesh.link, message: "old news" }), "connected")
    assert.strictEqual(linkWord(offlineMesh.link), "offline: nothing listens there")
    assert.strictEqual(linkTone(offlineMesh.link), "warning")
  })
})

describe("youAre", () => {
  it("names the role where it matters", () => {
    assert.strictEqual(youAre(mesh), "ada@laptop (admin)")
    assert.strictEqual(youAre({ ...mesh, role: "member" }), "ada@laptop")
  })
})

describe("textOfMesh", () => {
  it("is a block of facts", () => {
    assert.include(textOfMesh(mesh, page), "link     connected, since 5m ago\n")
  })
})
