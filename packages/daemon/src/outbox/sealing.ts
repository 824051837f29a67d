/**
 * Seals messages when they leave, and hands them over.
 *
 * @module
 */
import { type Prekey, type Refused, sealEnvelope, sealRandomBytes } from "@claudemesh/protocol"
import { Effect, Result } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type { LinkLost } from "../broker_link/broker_transport.ts"
import type { Sending } from "./send_batch.ts"
import type { Numbered, NumberedRecipient } from "./stream_numbers.ts"

/** Seals a message and hands it over now; answers with what waits for the broker's answer. */
export const makeSubmit = Effect.gen(function*() {
  const seal = yield* makeSeal

  return Effect.fnUntraced(
    function*(sending: Sending, message: Numbered, prekeys: ReadonlyMap<string, Prekey>) {
      const sealed = yield* seal(sending, message, prekeys)
      if (Result.isFailure(sealed)) {
        return { message, answer: Effect.fail<Refused | LinkLost>(sealed.failure) }
      }
      const { connection } = sending.attachment
      const answer = yield* connection.submit({ type: "send", envelope: sealed.success })
      return { message, answer }
    }
  )
})

/** Seals one numbered message with the head of the log that we know. */
const makeSeal = Effect.gen(function*() {
  const random = yield* SecureRandom.SecureRandom

  return Effect.fnUntraced(
    function*(
      { membership, mesh }: Sending,
      message: Numbered,
      prekeys: ReadonlyMap<string, Prekey>
    ) {
      const { identity } = mesh
      const { acceptedAt, attempt, content, id, meta, recipients, salt, ttl } = message
      const { hash, seq } = membership.head
      const draft = {
        mesh: mesh.id,
        from: { device: identity.deviceId },
        class: message.class,
        to: recipients.map(addresseeOf),
        id,
        attempt,
        // When it was said, not when it could leave.
        sent_at: acceptedAt,
        ttl,
        log_head: [seq, hash] as const
      }
      const bytes = yield* random.randomBytes(sealRandomBytes(recipients.length))
      return sealEnvelope(draft, { meta, content, salt }, {
        prekeys,
        random: bytes,
        key: identity.device
      })
    }
  )
})

function addresseeOf({ after, device, ended, session, sseq }: NumberedRecipient) {
  return {
    device,
    sseq,
    ...(session === null ? {} : { session }),
    ...(after === 0 ? {} : { after }),
    ...(ended === 0 ? {} : { ended })
  }
}
