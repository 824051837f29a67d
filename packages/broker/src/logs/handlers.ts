/**
 * The rows of logs: `send` hands an envelope to admission, `ack` moves a reader on.
 *
 * @module
 */
import {
  type Ack,
  type Envelope,
  isWellAddressed,
  limits,
  refused,
  type Send
} from "@claudemesh/protocol"
import { Effect } from "effect"
import type { Connection } from "../gateway/connection.ts"
import { Admissions } from "./admissions.ts"
import { CatchUp } from "./catch_up.ts"

/** Needs the queue of admissions and whoever reads the store for readers. */
export const makeLogHandlers = Effect.gen(function*() {
  const admissions = yield* Admissions
  const catchUp = yield* CatchUp

  function send(connection: Connection, { envelope, ref }: Send) {
    const refusal = refusalOf(connection, envelope)
    if (refusal !== undefined) return refusal
    const text = JSON.stringify(envelope)
    if (text.length > limits.envelopeBytesMax) {
      const message =
        `Cannot admit message "${envelope.header.id}": it has ${text.length} bytes, and at most ${limits.envelopeBytesMax} fit`
      return refused("too_large", message)
    }
    return admissions.submit({ header: envelope.header, text, ref, from: connection })
  }

  function ack(connection: Connection, { epoch, log, upto }: Ack) {
    const attachment = connection.attachmentOf(log, epoch)
    if (attachment === "fenced") {
      return refused("fenced", `Cannot acknowledge log ${log}: epoch ${epoch} has ended`)
    }
    if (attachment === undefined) {
      return refused("bad_ack", `Cannot acknowledge log "${log}": it is not attached here`)
    }
    const { reader } = attachment
    if (upto > reader.pushed) {
      return refused(
        "bad_ack",
        `Cannot acknowledge log ${log} up to ${upto}: ${reader.pushed} was pushed last`
      )
    }
    reader.acknowledge(upto)
    catchUp.request(attachment)
    return Effect.void
  }

  return (connection: Connection) => ({
    send: (frame: Send) => send(connection, frame),
    ack: (frame: Ack) => ack(connection, frame)
  })
})

function refusalOf(connection: Connection, envelope: Envelope) {
  const { from, id, mesh } = envelope.header
  const attachment = connection.attachments.get(mesh)
  if (attachment === undefined) {
    return refused(
      "not_attached",
      `Cannot admit message "${id}": mesh "${mesh}" is not attached here`
    )
  }
  if (attachment.mailbox.device !== from.device) {
    return refused(
      "not_permitted",
      `Cannot admit message "${id}": it is from ${from.device}, which is not attached here`
    )
  }
  if (!isWellAddressed(envelope)) {
    return refused(
      "malformed",
      `Cannot admit message "${id}": its addressees are not in order, each once, each with its wrap`
    )
  }
  return undefined
}
