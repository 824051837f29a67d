import { assert, describe, it } from "@effect/vitest"
import { mesh } from "../testing/samples.ts"
import { type Launch, launchReport, lineOf } from "./launch_report.ts"

const launch: Launch = {
  agent: "claude",
  mesh: mesh.mesh,
  mesh_name: "home",
  name: "api",
  mode: "push",
  carrier: "messages arrive by socket",
  online: ["bob"],
  unread: 0,
  command: ["/bin/claude", "--append-system-prompt", "it's new"],
  environment: { CLAUDEMESH_SESSION_NAME: "api" }
}

describe("lineOf", () => {
  it("says name, mesh, carrier and who is there", () => {
    assert.strictEqual(lineOf(launch), "api in home · messages arrive by socket · online: bob")
  })

  it("names a few, and counts the rest and what is unread", () => {
    const online = ["a", "b", "c", "d", "e", "f"]

    assert.strictEqual(
      lineOf({ ...launch, online, unread: 3 }),
      "api in home · messages arrive by socket · online: a, b, c, d and 2 more · 3 unread"
    )
    assert.include(lineOf({ ...launch, online: [] }), "nobody else online")
  })

  it("says what it does, and in which groups", () => {
    const groups = [
      { name: "web", role: "lead" },
      ...["a", "b", "c", "d"].map((name) => ({ name }))
    ]

    assert.strictEqual(
      lineOf({ ...launch, role: "reviewer", groups }),
      "api in home · reviewer · groups: web:lead, a, b, c and 1 more · messages arrive by socket · online: bob"
    )
  })

  it("says what is in the way, and then not who may be online", () => {
    const trouble = "home is offline; messages come once it is connected"
    const line = lineOf({ ...launch, online: [], trouble })

    assert.strictEqual(line, `api in home · ${trouble}`)
  })
})

describe("launchReport", () => {
  it("says the command so that a shell reads it back", () => {
    const page = { plain: true, colour: false, interactive: false, now: 0 }

    assert.strictEqual(
      launchReport.text(launch, page).split("\n")[1],
      String.raw`CLAUDEMESH_SESSION_NAME=api /bin/claude --append-system-prompt 'it'\''s new'`
    )
  })
})
