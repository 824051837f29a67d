import { assert, describe, it } from "@effect/vitest"
import { daemonStatus, offlineMesh } from "../../testing/samples.ts"
import { healthLines } from "./daemon.ts"

describe("healthLines", () => {
  it("has the daemon's notes, then the meshes that are cut off", () => {
    const view = {
      ...daemonStatus,
      running: true as const,
      health: ["disk is full"],
      meshes: [offlineMesh]
    }
    assert.deepStrictEqual(healthLines(view), [
      "disk is full",
      "home is offline: nothing listens there; 2 queued here, safe"
    ])
  })

  it("is empty where nothing runs", () => {
    assert.deepStrictEqual(healthLines({ running: false, home: "h", socket: "s" }), [])
  })
})
