import { assert, describe, it } from "@effect/vitest"
import { revisedStatus, statusAt, type StatusRecord } from "./agent_status.ts"

describe("revisedStatus", () => {
  it.each([
    {
      what: "a hook over a person",
      known: said("idle", "manual"),
      next: said("working", "hook", 1),
      status: "working"
    },
    {
      what: "a hook over a hook",
      known: said("working", "hook"),
      next: said("idle", "hook", 1),
      status: "idle"
    },
    {
      what: "a person over a file",
      known: said("idle", "file"),
      next: said("working", "manual", 1),
      status: "working"
    },
    {
      what: "a file not over a fresh hook",
      known: said("working", "hook"),
      next: said("idle", "file", 29_999),
      status: "working"
    },
    {
      what: "a file over an old hook",
      known: said("working", "hook"),
      next: said("idle", "file", 30_000),
      status: "idle"
    },
    {
      what: "a file over a hook of the future",
      known: said("working", "hook", 90_000),
      next: said("idle", "file"),
      status: "idle"
    }
  ])("believes $what", ({ known, next, status }) => {
    assert.strictEqual(revisedStatus(known, next).status, status)
  })

  it("lets only a person ask not to be disturbed, and only a person take it back", () => {
    const quiet = said("dnd", "manual")

    assert.strictEqual(revisedStatus(said("idle", "hook"), quiet), quiet)
    assert.strictEqual(revisedStatus(said("idle", "hook"), said("dnd", "hook", 1)).status, "idle")
    assert.strictEqual(revisedStatus(quiet, said("working", "hook", 1e9)), quiet)
    assert.strictEqual(revisedStatus(quiet, said("idle", "manual", 1)).status, "idle")
  })
})

describe("statusAt", () => {
  it("has an agent of which nothing is heard for a minute work no more", () => {
    assert.strictEqual(statusAt(said("working", "hook"), 59_999), "working")
    assert.strictEqual(statusAt(said("working", "hook"), 60_000), "idle")
    assert.strictEqual(statusAt(said("dnd", "manual"), 1e9), "dnd")
  })
})

function said(
  status: StatusRecord["status"],
  source: StatusRecord["source"],
  at = 0
): StatusRecord {
  return { status, source, at }
}
