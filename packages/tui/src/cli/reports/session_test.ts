import { assert, describe, it } from "@effect/vitest"
import { NOW, session } from "../../testing/samples.ts"
import { sessionDetail, sessionList, sessionRevised } from "./session.ts"

const page = {
  plain: false,
  interactive: true,
  colour: false,
  columns: 120,
  now: NOW
}

const groups = [{ name: "web", role: "lead" }, { name: "all" }]

describe("sessionList", () => {
  it("names each agent with what it does, by what messages reach it, and where it works", () => {
    const text = sessionList.text({ items: [session] }, page)

    for (const word of ["api", "working", "push", "socket", "/src/api"]) assert.include(text, word)
    assert.notInclude(text, "ROLE")
  })

  it("says what agents are for as soon as one has said it, and which have ended", () => {
    const db = { ...session, name: "db", role: "reviewer", ended_at: NOW - 120_000 }
    const text = sessionList.text({ items: [session, { ...db, groups }] }, page)

    for (const word of ["ROLE", "GROUPS", "reviewer", "web:lead,all", "ended", "2m ago"]) {
      assert.include(text, word)
    }
  })
})

describe("sessionRevised", () => {
  it("says what holds now", () => {
    assert.strictEqual(sessionRevised.text(session, page), "api: push, working")
    assert.strictEqual(
      sessionRevised.text({ ...session, role: "reviewer", groups }, page),
      "api: push, working, reviewer, in web:lead,all"
    )
    assert.strictEqual(
      sessionRevised.text({ ...session, caps: ["dm", "read"] }, page),
      "api: push, working, may only dm,read"
    )
  })
})

describe("sessionDetail", () => {
  it("says what it may do, which is all where it is not limited", () => {
    assert.match(sessionDetail.text(session, page), /may +all/)
    assert.match(sessionDetail.text({ ...session, caps: ["read"] }, page), /may +read/)
  })

  it("says whether it asks before it acts", () => {
    assert.include(sessionDetail.text(session, page), "after asking you")
    assert.include(
      sessionDetail.text({ ...session, unprompted: true }, page),
      "without asking you"
    )
  })
})
