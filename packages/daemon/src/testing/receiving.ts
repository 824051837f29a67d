/**
 * Pushes envelopes to a made daemon, as a broker would, and reads what came of them.
 *
 * @module
 */
import type { Envelope, Push } from "@claudemesh/protocol"
import { layerSeededRandom, type MadeMesh, prekeyOf, resigned } from "@claudemesh/testkit"
import { Effect, Layer } from "effect"
import type { Attachment } from "../broker_link/attachment.ts"
import { Inbox } from "../inbox/inbox.ts"
import { Receiver } from "../inbox/receive.ts"
import { Meshes } from "../meshes/meshes.ts"
import { attachmentOn, makeFakeConnection } from "./fake_connection.ts"
import { layerMadeDaemon } from "./made_daemon.ts"
import type { MeshMade } from "./made_identity.ts"

/** The member of that name, and what receives for it. */
export function layerReceiving(made: MeshMade, name: string, seed = name) {
  return Receiver.layer.pipe(
    Layer.provideMerge(layerMadeDaemon(made, name)),
    Layer.provide(layerSeededRandom(seed))
  )
}

/** The only mesh there is, without asking the database, which a test may keep busy. */
const onlyMesh = Effect.gen(function*() {
  const [mesh] = yield* Meshes.use(({ all }) => all)
  return mesh ?? (yield* Effect.die("There is no mesh"))
})

/** Receives these as one batch, envelopes or not; the broker numbers them from one. */
export function receive(...envelopes: ReadonlyArray<unknown>) {
  return receiveOver({}, envelopes)
}

/** Receives them over an attachment that is otherwise than usual. */
export const receiveOver = Effect.fnUntraced(
  function*(otherwise: Partial<Attachment>, envelopes: ReadonlyArray<unknown>) {
    const { identity } = yield* onlyMesh
    const attachment = { ...attachmentOn(makeFakeConnection(), identity), ...otherwise }
    const pushes = envelopes.map((envelope, at): Push => ({
      type: "push",
      log: identity.deviceId,
      epoch: 1,
      seq: at + 1,
      envelope
    }))
    yield* Receiver.use(({ receive }) => receive(attachment, pushes))
  }
)

/** How far the mailbox was read. */
export const readUpto = Effect.map(onlyMesh, ({ upto }) => upto)

/** What the messages in the inbox say, in the order in which they came. */
export const textsReceived = Effect.gen(function*() {
  const { list } = yield* Inbox
  const rows = yield* list({ mesh: (yield* onlyMesh).id, unread: false, limit: 100 })
  return rows.map(({ text }) => text)
})

/** The same envelope of that member, sealed for a prekey that none of the others has. */
export function unopenable(made: MadeMesh, name: string, envelope: Envelope): Envelope {
  const { id: prekey } = prekeyOf(made, name)
  const [wrap] = envelope.wraps
  const wraps = wrap === undefined ? [] : [{ ...wrap, prekey }]
  return resigned(made, name, { ...envelope, wraps })
}
