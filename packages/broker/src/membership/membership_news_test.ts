import type { BrokerFrame } from "@claudemesh/protocol"
import { makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { LogReader } from "../logs/log_reader.ts"
import { tell } from "./membership_news.ts"

const mesh = makeMesh("news", ["ada", "bob"])

function listening(toldUpto: number) {
  const frames: Array<BrokerFrame> = []
  const attachment = {
    mailbox: { mesh: mesh.membership.mesh, device: memberOf(mesh, "ada").device },
    epoch: 1,
    reader: new LogReader({
      after: 0,
      end: 0,
      push: () => {},
      isReady: () => true,
      now: () => 0,
      windowEntriesMax: 64
    }),
    toldUpto,
    isLive: () => true,
    send: (frame: BrokerFrame) => void frames.push(frame),
    end: () => {}
  }
  return { frames, attachment }
}

describe("tell", () => {
  it("sends what follows what the device has", () => {
    const { attachment, frames } = listening(1)
    tell(attachment, mesh.membership, mesh.statements.slice(1))
    assert.lengthOf(frames, 1)
    assert.strictEqual(attachment.toldUpto, mesh.membership.head.seq)
  })

  it("sends nothing that leaves a gap, and nothing twice", () => {
    const { attachment, frames } = listening(1)
    tell(attachment, mesh.membership, mesh.statements.slice(2))
    tell(attachment, mesh.membership, mesh.statements.slice(0, 1))
    assert.lengthOf(frames, 0)
  })
})
