/**
 * Sends what waits, in the order of acceptance, for as long as a mesh is attached.
 *
 * Messages are sealed here, for the newest prekeys. Several are under way at
 * once, but they leave in order and the broker takes them in order. One whose
 * recipient has no prekey yet waits, and with it whatever follows it to the same
 * device; all others go on. One that is to be sealed again after a while holds
 * nobody up: the gap that it left in its stream stays open for it.
 *
 * @module
 */
import {
  type DeviceId,
  type ErrorCode,
  liveDevice,
  type Membership,
  type Prekey,
  type Refused,
  sealEnvelope,
  sealRandomBytes
} from "@claudemesh/protocol"
import { Context, Effect, FiberHandle, Layer, Result } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type { Attachment } from "../broker_link/attachment.ts"
import { LinkLost } from "../broker_link/broker_transport.ts"
import { bump, whenever } from "../counter.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { makeRecipientPrekeys, type RecipientPrekeys } from "../prekeys/recipient_prekeys.ts"
import { Delivery } from "./delivery.ts"
import { Outbox, type Outgoing } from "./outbox.ts"
import type { OutboxRow } from "./outbox_store.ts"

/** Messages under way at once. */
const UNDER_WAY_MAX = 64

/**
 * How soon it is tried again what could not be sent: later each time, while nothing changes. Nothing
 * tells us that a recipient has published its first prekey; it does so right after it has joined.
 */
const AGAIN_FIRST_MILLIS = 250
const AGAIN_LAST_MILLIS = 5_000

/** Refusals of the broker, or of sealing, that no time cures. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  "unknown_recipient",
  "id_reused",
  "too_large",
  "malformed",
  "unsupported",
  "not_permitted",
  "revoked_device",
  "expired"
])

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
          const blocked = new Set<DeviceId>()
          let after = 0
          while (true) {
            const mesh = yield* meshes.find(attachment.mesh)
            const waiting = yield* outbox.pending(attachment.mesh, { after, limit: UNDER_WAY_MAX })
            const last = waiting.at(-1)
            if (last === undefined || mesh.membership === undefined) return blocked.size > 0
            const sending = { attachment, mesh, membership: mesh.membership, prekeys, blocked }
            yield* send(sending, waiting)
            after = last.position
          }
        })
        const again = yield* FiberHandle.make()
        let pause = AGAIN_FIRST_MILLIS
        const sendAndLookAgain = Effect.gen(function*() {
          const isBlocked = yield* sendWaiting
          const due = (yield* outbox.millisUntilDue(attachment.mesh)) ?? Infinity
          const wait = Math.min(due, isBlocked ? pause : Infinity)
          if (wait < Infinity) {
            yield* FiberHandle.run(again, Effect.delay(bump(outbox.version), wait))
          }
          pause = isBlocked ? Math.min(2 * pause, AGAIN_LAST_MILLIS) : AGAIN_FIRST_MILLIS
        })
        return yield* whenever(outbox.version, sendAndLookAgain)
      }, Effect.scoped)
      return Drain.of({ run })
    })
  )
}

interface Sending {
  readonly attachment: Attachment
  readonly mesh: Mesh
  readonly membership: Membership
  readonly prekeys: RecipientPrekeys
  /** Devices for which something waits until the next time, and so all that follows it. */
  readonly blocked: Set<DeviceId>
}

/** A message and the devices it is for. */
interface Addressed {
  readonly row: OutboxRow
  readonly devices: ReadonlyArray<DeviceId>
}

/** Sends a page of what waits, but for what cannot be sent now. */
const makeSend = Effect.gen(function*() {
  const delivery = yield* Delivery
  const outbox = yield* Outbox
  const submit = yield* makeSubmit

  const addressed = Effect.fnUntraced(function*(row: OutboxRow) {
    const recipients = yield* outbox.recipients(row.mesh, row.id)
    return { row, devices: recipients.map(({ device }) => device) } satisfies Addressed
  })
  const refuse = Effect.fnUntraced(
    function*({ blocked }: Sending, message: Outgoing, { code, message: why }: Refused) {
      if (code === "not_attached" || code === "fenced") return yield* new LinkLost({ reason: why })
      if (!FINAL.has(code)) {
        message.recipients.forEach(({ device }) => blocked.add(device))
        return yield* delivery.postpone(message)
      }
      yield* Effect.logWarning("A message was refused", { id: message.id, code })
      yield* delivery.reject(message, code)
    }
  )

  return Effect.fn("Drain.send")(function*(sending: Sending, rows: ReadonlyArray<OutboxRow>) {
    const { blocked, membership } = sending
    const batch = yield* Effect.forEach(rows, addressed)
    const gone = batch.filter(({ devices }) =>
      devices.some((device) => liveDevice(membership, device) === undefined)
    )
    const there = batch.filter((one) => !gone.includes(one))
    yield* Effect.forEach(gone, ({ row }) => delivery.reject(row, "unknown_recipient"))
    const prekeys = yield* prekeysFor(sending, there)
    const begun = yield* delivery.begin(sealable(there, prekeys, blocked))
    const submitted = yield* Effect.forEach(begun, (message) => submit(sending, message, prekeys))
    const admitted: Array<Outgoing> = []
    for (const { answer, message } of submitted) {
      yield* answer.pipe(
        Effect.andThen(() => Effect.sync(() => admitted.push(message))),
        Effect.catchTag("Refused", (refusal) => refuse(sending, message, refusal))
      )
    }
    yield* delivery.admitted(admitted)
  })
})

/** The prekeys of everybody a batch is for; a message that is sealed again wants newer ones. */
function prekeysFor({ blocked, membership, prekeys }: Sending, batch: ReadonlyArray<Addressed>) {
  const devices = new Set(batch.flatMap(({ devices }) => devices)).difference(blocked)
  const anew = new Set(batch.filter(({ row }) => row.attempt > 0).flatMap(({ devices }) => devices))
  return prekeys.find(membership, [...devices], anew)
}

/** What can be sealed now; whatever follows a message that cannot, to the same device, waits with it. */
function sealable(
  batch: ReadonlyArray<Addressed>,
  prekeys: ReadonlyMap<string, Prekey>,
  blocked: Set<DeviceId>
): ReadonlyArray<OutboxRow> {
  return batch.filter(({ devices }) => {
    const isReady = devices.every((device) => prekeys.has(device) && !blocked.has(device))
    if (!isReady) devices.forEach((device) => blocked.add(device))
    return isReady
  }).map(({ row }) => row)
}

/** Seals a message and hands it over now; answers with what waits for the broker's answer. */
const makeSubmit = Effect.gen(function*() {
  const seal = yield* makeSeal

  return Effect.fnUntraced(
    function*(sending: Sending, message: Outgoing, prekeys: ReadonlyMap<string, Prekey>) {
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
      message: Outgoing,
      prekeys: ReadonlyMap<string, Prekey>
    ) {
      const { identity } = mesh
      const { acceptedAt, attempt, content, id, meta, recipients, salt, ttl } = message
      const { hash, seq } = membership.head
      const draft = {
        mesh: mesh.id,
        from: { device: identity.deviceId },
        class: message.class,
        to: recipients.map(({ device, session, sseq }) =>
          session === null ? { device, sseq: sseq ?? 1 } : { device, session, sseq: sseq ?? 1 }
        ),
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
