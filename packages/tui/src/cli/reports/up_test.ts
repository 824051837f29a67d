import { assert, describe, it } from "@effect/vitest"
import type { Page } from "../page.ts"
import { daemonStatus, invite, mesh, NOW } from "../../testing/samples.ts"
import { type Up, upReport } from "./up.ts"

const eyes: Page = { plain: false, colour: false, interactive: true, now: NOW }
const up: Up = {
  state: "started",
  home: daemonStatus.home,
  pid: 4194305,
  broker: { origin: mesh.broker, local_only: true },
  meshes: [mesh],
  invite
}

describe("upReport", () => {
  it("says what runs, and how somebody joins", () => {
    assert.strictEqual(
      upReport.text(up, eyes),
      "claudemesh is up\n\n" +
        "broker     http://127.0.0.1:7843\n" +
        "daemon     pid 4194305, home /srv/ada/.claudemesh\n" +
        "mesh home  you are ada@laptop (admin), 2 members, connected\n" +
        "invite     4 uses left, ends in 23h; from this machine alone (see up --help)\n\n" +
        `  ${invite.link}`
    )
  })

  it("says when it was up already, and does without an invite", () => {
    const { invite: _, ...none } = up
    assert.match(upReport.text({ ...none, state: "running" }, eyes), /^claudemesh is up already\n/)
    assert.include(upReport.text(up, { ...eyes, plain: true }), `\ninvite\t${invite.link}`)
  })
})
