/**
 * `claudemesh held show`: one message that waits, whole, and how to decide on it.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import type { HeldMessage } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { messageId } from "../../message_id.ts"
import { Output } from "../../output.ts"
import { heldDetail } from "../../reports/held.ts"
import { declared } from "../../verb.ts"
import { heldOf } from "./held_of.ts"

export const show = Command.make(
  "show",
  { id: messageId },
  Effect.fn("held.show")(function*({ id }) {
    const daemon = yield* (yield* LocalDaemon).started
    const { items } = yield* daemon.surfacing.held({ query: meshRef(yield* Mesh) })
    const held = yield* heldOf(items, id)
    const name = yield* nameOf(daemon, held.session)
    const detail = { ...held, ...(name !== undefined && { session_name: name }) }
    yield* (yield* Output).print(heldDetail, detail, {
      next: [
        {
          cmd: `claudemesh held accept ${held.message.id}`,
          why: "let the agent see it, and what else its sender writes"
        },
        { cmd: `claudemesh held drop ${held.message.id}`, why: "keep it from the agent" }
      ],
      guides: true
    })
  })
).pipe(
  declared({
    description: "Show one message that waits for you, whole, and why it waits",
    examples: [{ command: "claudemesh held show 0199f3a2", description: "Before you decide" }],
    report: heldDetail
  })
)

/** What the session is called, whether it runs or has ended. */
const nameOf = Effect.fnUntraced(
  function*({ sessions }: Daemon["Service"], session: HeldMessage["session"]) {
    const { items: live } = yield* sessions.list({})
    const { items: ended } = yield* sessions.ended({})
    return [...live, ...ended].find(({ id }) => id === session)?.name
  }
)
