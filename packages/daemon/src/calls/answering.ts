/**
 * Answers the calls that come, one after another, for as long as a mesh is attached.
 *
 * An answer that cannot be given now is not given later: whoever asked has stopped waiting.
 *
 * @module
 */
import { limits, type Refused } from "@claudemesh/protocol"
import { Context, Effect, Layer, Queue } from "effect"
import type { Attachment } from "../broker_link/attachment.ts"
import type { LinkLost } from "../broker_link/broker_transport.ts"
import { Meshes } from "../meshes/meshes.ts"
import { makeRecipientPrekeys, type RecipientPrekeys } from "../prekeys/recipient_prekeys.ts"
import { Calls, type Question } from "./calls.ts"
import { makeSealCall } from "./seal_call.ts"

/** Answers calls. */
export class Answering extends Context.Service<Answering, {
  /** Answers for as long as the attachment lasts. */
  readonly run: (attachment: Attachment) => Effect.Effect<never, LinkLost | Refused>
}>()("@claudemesh/daemon/calls/answering") {
  static readonly layer = Layer.effect(
    Answering,
    Effect.gen(function*() {
      const calls = yield* Calls
      const meshes = yield* Meshes
      const seal = yield* makeSealCall

      const answer = Effect.fn("Answering.answer")(
        function*({ connection }: Attachment, prekeys: RecipientPrekeys, question: Question) {
          const { from: device, id, mesh } = question
          const { membership } = yield* meshes.find(mesh)
          if (membership === undefined) return
          const prekey = (yield* prekeys.find(membership, [device], new Set())).get(device)
          if (prekey === undefined) return
          const address = { mesh, device, prekey, ttl: limits.callMillisMax }
          const envelope = yield* seal(address, { answers: id })
          yield* connection.request({ type: "send", envelope })
        }
      )
      const run = Effect.fn("Answering.run")(function*(attachment: Attachment) {
        const prekeys = yield* makeRecipientPrekeys(attachment.connection)
        const questions = yield* calls.questions(attachment.mesh)
        return yield* Queue.take(questions).pipe(
          Effect.flatMap((question) =>
            Effect.catchTag(
              answer(attachment, prekeys, question),
              "Refused",
              ({ code }) => Effect.logDebug("Could not answer a call", { code })
            )
          ),
          Effect.forever
        )
      }, Effect.scoped)
      return Answering.of({ run })
    })
  )
}
