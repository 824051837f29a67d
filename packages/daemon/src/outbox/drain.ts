/**
 * Sends what waits, in the order of acceptance, for as long as a mesh is attached.
 *
 * Messages are sealed here, for the newest prekeys. Several are under way at
 * once, but they leave in order and the broker takes them in order. One whose
 * recipient has no prekey yet waits, and with it whatever follows it to the same
 * device; all others go on.
 *
 * @module
 */
import {
  type DeviceId,
  type Membership,
  type Prekey,
  type Refused,
  sealEnvelope,
  sealRandomBytes
} from "@claudemesh/protocol"
import { Clock, Context, Effect, Layer, Result, Schedule } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type { Attachment } from "../broker_link/attachment.ts"
import type { LinkLost } from "../broker_link/broker_transport.ts"
import { bump, whenever } from "../counter.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { makeRecipientPrekeys, type RecipientPrekeys } from "../prekeys/recipient_prekeys.ts"
import { Delivery } from "./delivery.ts"
import { Outbox, type Outgoing } from "./outbox.ts"
import type { OutboxRow } from "./outbox_store.ts"

/** Messages under way at once. */
const UNDER_WAY_MAX = 64

/** How soon a message is tried again whose recipient had no prekey. */
const TRY_AGAIN = "5 seconds"

/** Sends what waits. */
export class Drain extends Context.Service<Drain, {
  /** Sends for as long as the attachment lasts. */
  readonly run: (attachment: Attachment) => Effect.Effect<never, LinkLost | Refused>
}>()("@claudemesh/daemon/outbox/drain") {
  static readonly layer = Layer.effect(
    Drain,
    Effect.gen(function*() {
      const outbox = yield* Outbox
      const meshes = yield* Meshes
      const send = yield* makeSend

      const run = Effect.fn("Drain.run")(function*(attachment: Attachment) {
        const prekeys = yield* makeRecipientPrekeys(attachment.connection)
        const sendWaiting = Effect.gen(function*() {
          while (true) {
            const mesh = yield* meshes.find(attachment.mesh)
            const waiting = yield* outbox.pending(attachment.mesh, UNDER_WAY_MAX)
            const isMore = yield* send({ attachment, mesh, prekeys }, waiting)
            if (!isMore) return
          }
        })
        // Nothing tells us that a recipient has published its first prekey.
        const again = Effect.repeat(bump(outbox.version), Schedule.spaced(TRY_AGAIN))
        return yield* Effect.raceFirst(
          whenever(outbox.version, sendWaiting),
          Effect.andThen(again, Effect.never)
        )
      })
      return Drain.of({ run })
    })
  )
}

interface Sending {
  readonly attachment: Attachment
  readonly mesh: Mesh
  readonly prekeys: RecipientPrekeys
}

/** Sends a batch; answers whether something may be left that can be sent now. */
const makeSend = Effect.gen(function*() {
  const delivery = yield* Delivery
  const outbox = yield* Outbox
  const seal = yield* makeSeal

  const devicesOf = Effect.fnUntraced(function*({ id, mesh }: OutboxRow) {
    return (yield* outbox.recipients(mesh, id)).map(({ device }) => device)
  })
  /** What can be sealed now; whatever follows a message that cannot, to the same device, waits with it. */
  const sealable = Effect.fnUntraced(
    function*(rows: ReadonlyArray<OutboxRow>, prekeys: ReadonlyMap<string, Prekey>) {
      const blocked = new Set<DeviceId>()
      const ready: Array<OutboxRow> = []
      for (const row of rows) {
        const devices = yield* devicesOf(row)
        if (devices.every((device) => prekeys.has(device) && !blocked.has(device))) ready.push(row)
        else devices.forEach((device) => blocked.add(device))
      }
      return ready
    }
  )
  const refuse = Effect.fnUntraced(function*(row: OutboxRow, refusal: Refused) {
    if (refusal.retryable) return yield* delivery.postpone(row)
    yield* Effect.logWarning("A message was refused", { id: row.id, code: refusal.code })
    yield* delivery.reject(row, refusal.code)
  })

  return Effect.fn("Drain.send")(function*(sending: Sending, rows: ReadonlyArray<OutboxRow>) {
    const { attachment, mesh: { membership } } = sending
    if (rows.length === 0 || membership === undefined) return false
    const prekeys = yield* prekeysFor(
      sending,
      membership,
      yield* Effect.forEach(
        rows,
        (row) => Effect.map(devicesOf(row), (devices) => ({ row, devices }))
      )
    )
    const begun = yield* delivery.begin(yield* sealable(rows, prekeys))
    const submitted = yield* Effect.forEach(
      begun,
      (message) =>
        Effect.flatMap(seal(sending, message, prekeys), (sealed) =>
          Result.isFailure(sealed)
            ? Effect.succeed({ message, answer: Effect.fail<Refused | LinkLost>(sealed.failure) })
            : Effect.map(
              attachment.connection.submit({ type: "send", envelope: sealed.success }),
              (answer) => ({ message, answer })
            ))
    )
    const admitted: Array<Outgoing> = []
    for (const { answer, message } of submitted) {
      yield* answer.pipe(
        Effect.andThen(() => Effect.sync(() => admitted.push(message))),
        Effect.catchTag("Refused", (refusal) => refuse(message, refusal))
      )
    }
    yield* delivery.admitted(admitted)
    return begun.length === UNDER_WAY_MAX
  })
})

/** The prekeys of everybody a batch is for; a message that is sealed again wants newer ones. */
function prekeysFor(
  { prekeys }: Sending,
  membership: Membership,
  batch: ReadonlyArray<{ readonly row: OutboxRow; readonly devices: ReadonlyArray<DeviceId> }>
) {
  const devices = [...new Set(batch.flatMap(({ devices }) => devices))]
  const anew = new Set(batch.filter(({ row }) => row.attempt > 0).flatMap(({ devices }) => devices))
  return prekeys.find(membership, devices, anew)
}

/** Seals one numbered message with the head of the log that we know. */
const makeSeal = Effect.gen(function*() {
  const random = yield* SecureRandom.SecureRandom

  return Effect.fnUntraced(
    function*({ mesh }: Sending, message: Outgoing, prekeys: ReadonlyMap<string, Prekey>) {
      const { identity, membership } = mesh
      const { attempt, content, id, meta, recipients, salt, ttl } = message
      const { hash, seq } = membership?.head ?? { hash: "", seq: 0 }
      const draft = {
        mesh: mesh.id,
        from: { device: identity.deviceId },
        class: message.class,
        to: recipients.map(({ device, session, sseq }) =>
          session === null ? { device, sseq: sseq ?? 1 } : { device, session, sseq: sseq ?? 1 }
        ),
        id,
        attempt,
        sent_at: yield* Clock.currentTimeMillis,
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
