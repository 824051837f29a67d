/**
 * Sends a page of what waits: chooses what may leave, hands it over in order, and takes the answers.
 *
 * @module
 */
import {
  type DeviceId,
  type EnvelopeClass,
  type ErrorCode,
  liveDevice,
  type Membership,
  type Prekey,
  type Refused
} from "@claudemesh/protocol"
import { Effect, Random } from "effect"
import type { Attachment } from "../broker_link/attachment.ts"
import { LinkLost } from "../broker_link/broker_transport.ts"
import type { Mesh } from "../meshes/meshes.ts"
import type { RecipientPrekeys } from "../prekeys/recipient_prekeys.ts"
import { Delivery } from "./delivery.ts"
import { retryMillis } from "./next_attempt.ts"
import { Outbox } from "./outbox.ts"
import { makeSubmit } from "./sealing.ts"
import type { Numbered } from "./stream_numbers.ts"
import type { WaitingRow } from "./waiting.ts"

/** Refusals of the broker, or of sealing, that no time cures. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  "unknown_recipient",
  "id_reused",
  "too_large",
  "malformed",
  "unsupported",
  "not_permitted",
  "revoked_device",
  "expired",
  "quota"
])

/** A receipt waits for room: were it given up, nobody would learn what became of the message. */
function isFinal(message: Numbered, code: ErrorCode): boolean {
  return FINAL.has(code) && !(code === "quota" && message.class === "receipt")
}

/** What sending takes. */
export interface Sending {
  readonly attachment: Attachment
  readonly mesh: Mesh
  readonly membership: Membership
  readonly prekeys: RecipientPrekeys
  /** Streams in which something waits until the next time, and so all that follows it. */
  readonly blocked: Set<string>
}

/** A message that waits, and the devices it is for. */
interface Addressed {
  readonly row: WaitingRow
  readonly devices: ReadonlyArray<DeviceId>
}

/** Sends a page of what waits, but for what cannot be sent now. */
export const makeSendBatch = Effect.gen(function*() {
  const delivery = yield* Delivery
  const outbox = yield* Outbox
  const submit = yield* makeSubmit
  const takeAnswers = yield* makeTakeAnswers
  const postpone = yield* makePostpone

  const addressed = Effect.fnUntraced(function*(row: WaitingRow) {
    const recipients = yield* outbox.recipients(row.mesh, row.id)
    return { row, devices: recipients.map(({ device }) => device) } satisfies Addressed
  })

  return Effect.fn("Drain.sendBatch")(function*(sending: Sending, rows: ReadonlyArray<WaitingRow>) {
    const { blocked, membership } = sending
    const batch = yield* Effect.forEach(rows, addressed)
    const gone = batch.filter(({ devices }) =>
      devices.some((device) => liveDevice(membership, device) === undefined)
    )
    yield* Effect.forEach(gone, ({ row }) => delivery.reject(row, "unknown_recipient"))
    const leaving = chooseLeaving(batch.filter((one) => !gone.includes(one)), blocked)
    const prekeys = yield* prekeysFor(sending, leaving)
    const { lacking, sealable } = sortOut(leaving, prekeys, blocked)
    yield* Effect.forEach(lacking, (row) => postpone(row, { code: "no_prekey" }))
    const begun = yield* delivery.begin(sealable)
    const submitted = yield* Effect.forEach(begun, (message) => submit(sending, message, prekeys))
    yield* takeAnswers(sending, submitted)
  })
})

/** The names of the streams that a message is in: one for each device. */
function streamsOf(kind: EnvelopeClass, devices: ReadonlyArray<DeviceId>): ReadonlyArray<string> {
  return devices.map((device) => `${kind} ${device}`)
}

/**
 * What may leave now. One that was refused before goes without those that follow it: so a broker that
 * refuses again refuses one, and nothing overtakes it.
 */
function chooseLeaving(
  batch: ReadonlyArray<Addressed>,
  blocked: Set<string>
): ReadonlyArray<Addressed> {
  return batch.filter(({ devices, row }) => {
    const streams = streamsOf(row.class, devices)
    const isFree = row.due === 1 && !streams.some((stream) => blocked.has(stream))
    if (!isFree || row.tries > 0) streams.forEach((stream) => blocked.add(stream))
    return isFree
  })
}

/** The prekeys of everybody a batch is for; a message that is sealed again wants newer ones. */
function prekeysFor({ membership, prekeys }: Sending, batch: ReadonlyArray<Addressed>) {
  const devices = new Set(batch.flatMap(({ devices }) => devices))
  const anew = new Set(batch.filter(({ row }) => row.attempt > 0).flatMap(({ devices }) => devices))
  return prekeys.find(membership, [...devices], anew)
}

/** What can be sealed, and what lacks a prekey: whatever follows that, to the same device, waits with it. */
function sortOut(
  batch: ReadonlyArray<Addressed>,
  prekeys: ReadonlyMap<string, Prekey>,
  blocked: Set<string>
) {
  const waiting = new Set<string>()
  const lacking: Array<WaitingRow> = []
  const sealable: Array<WaitingRow> = []
  for (const { devices, row } of batch) {
    const streams = streamsOf(row.class, devices)
    const isBehind = streams.some((stream) => waiting.has(stream))
    if (!isBehind && devices.every((device) => prekeys.has(device))) {
      sealable.push(row)
      continue
    }
    if (!isBehind) lacking.push(row)
    for (const stream of streams) {
      waiting.add(stream)
      blocked.add(stream)
    }
  }
  return { lacking, sealable }
}

/** Lets a message wait for its next try, later each time. */
const makePostpone = Effect.gen(function*() {
  const delivery = yield* Delivery

  return Effect.fnUntraced(
    function*(
      row: WaitingRow | Numbered,
      { code, retry_after_ms: askedMillis }: Pick<Refused, "code" | "retry_after_ms">
    ) {
      const delayMillis = retryMillis({ tries: row.tries, askedMillis, chance: yield* Random.next })
      yield* delivery.postpone(row, { code, delayMillis })
    }
  )
})

type Submitted = Effect.Success<ReturnType<Effect.Success<typeof makeSubmit>>>

/** Takes the broker's answers in the order in which the messages left. */
const makeTakeAnswers = Effect.gen(function*() {
  const delivery = yield* Delivery
  const outbox = yield* Outbox
  const postpone = yield* makePostpone

  const refuse = Effect.fnUntraced(
    function*(message: Numbered, refusal: Refused, isBehind: boolean) {
      const { code } = refusal
      if (code === "not_attached" || code === "fenced") {
        return yield* new LinkLost({ reason: refusal.message })
      }
      if (isFinal(message, code)) {
        yield* Effect.logWarning("A message was refused", { id: message.id, code })
        return yield* delivery.reject(message, code)
      }
      yield* isBehind ? delivery.release(message) : postpone(message, refusal)
    }
  )

  return Effect.fnUntraced(
    function*({ blocked }: Sending, submitted: ReadonlyArray<Submitted>) {
      // Where one was not taken, whatever left after it was sealed to come after it.
      const broken = new Set<string>()
      const admitted: Array<Numbered> = []
      const overtaking: Array<Numbered> = []
      const ended: Array<Numbered> = []
      for (const { answer, message } of submitted) {
        const streams = streamsOf(message.class, message.recipients.map(({ device }) => device))
        const isBehind = streams.some((stream) => broken.has(stream))
        const refusal = yield* answer.pipe(
          Effect.as(undefined),
          Effect.catchTag("Refused", (refusal) => Effect.succeed(refusal))
        )
        if (refusal === undefined) {
          if (isBehind && message.class === "dm") overtaking.push(message)
          else admitted.push(message)
          continue
        }
        yield* refuse(message, refusal, isBehind)
        const isEnded = isFinal(message, refusal.code)
        if (isEnded) ended.push(message)
        for (const stream of streams) {
          broken.add(stream)
          if (!isEnded) blocked.add(stream)
        }
      }
      yield* delivery.admitted(admitted)
      if (overtaking.length > 0) yield* delivery.overtook(overtaking)
      // Those that followed one which was tried alone may leave now.
      if ([...admitted, ...ended].some(({ tries }) => tries > 0)) yield* outbox.lookAgain
    }
  )
})
