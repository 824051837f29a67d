/**
 * Accepts messages of a test in one line.
 *
 * @module
 */
import type { DeviceId, MessageId } from "@claudemesh/protocol"
import { utf8 } from "@claudemesh/protocol/crypto"
import { Effect, Option } from "effect"
import { Outbox, type OutboxDraft } from "../outbox/outbox.ts"
import { theMesh } from "./made_daemon.ts"

/** What a test says to whom. */
export interface AcceptedOptions extends Partial<Omit<OutboxDraft, "to" | "content">> {
  readonly to: ReadonlyArray<DeviceId>
  readonly text?: string
}

/** Accepts a message of the only mesh there is, and answers with its row. */
export const accepted = Effect.fnUntraced(
  function*({ text = "hello", to, ...more }: AcceptedOptions) {
    const { accept } = yield* Outbox
    const mesh = yield* theMesh
    const { id } = yield* accept({
      mesh: mesh.id,
      class: "dm",
      to: to.map((device) => ({ device })),
      addressed: "somebody",
      meta: { priority: "next" },
      content: utf8(text),
      ttl: 60_000,
      ...more
    })
    return yield* outgoing(id)
  }
)

/** The message as it stands. */
export const outgoing = Effect.fnUntraced(function*(id: MessageId) {
  const { find } = yield* Outbox
  const mesh = yield* theMesh
  return Option.getOrThrow(yield* find({ mesh: mesh.id, id }))
})
