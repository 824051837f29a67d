/**
 * The rows of logs: `send` hands an envelope to admission, `ack` moves a reader on.
 *
 * @module
 */
import {
  type Ack,
  type Envelope,
  type ErrorCode,
  isWellAddressed,
  limits,
  type MessageId,
  type Refused,
  refused,
  type Send
} from "@claudemesh/protocol"
import { Effect, Result } from "effect"
import type { Attachment } from "../gateway/attachments.ts"
import type { Connection } from "../gateway/connection.ts"
import { Admissions } from "./admissions.ts"
import { CatchUp } from "./catch_up.ts"
import { Cursors } from "./cursors.ts"

/** Needs the queue of admissions, whoever reads the store for readers, and whoever notes how far they are. */
export const makeLogHandlers = Effect.gen(function*() {
  const admissions = yield* Admissions
  const catchUp = yield* CatchUp
  const cursors = yield* Cursors

  function send(connection: Connection, { envelope, ref }: Send) {
    const { header } = envelope
    const text = JSON.stringify(envelope)
    return Effect.flatMap(
      Effect.fromResult(checkSender(connection, envelope, text.length)),
      (attachment) => {
        const frameBytes = connection.handlingBytes
        return admissions.submit({ header, text, ref, frameBytes, attachment, from: connection })
      }
    )
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
    if (reader.acknowledge(upto)) cursors.moved(attachment, upto)
    catchUp.request(attachment)
    return Effect.void
  }

  return (connection: Connection) => ({
    send: (frame: Send) => send(connection, frame),
    ack: (frame: Ack) => ack(connection, frame)
  })
})

/** The attachment that may send it. */
function checkSender(
  connection: Connection,
  envelope: Envelope,
  bytes: number
): Result.Result<Attachment, Refused> {
  const { from, id, mesh } = envelope.header
  const attachment = connection.attachments.get(mesh)
  if (attachment === undefined) return no("not_attached", id, `mesh "${mesh}" is not attached here`)
  if (attachment.mailbox.device !== from.device) {
    return no("not_permitted", id, `it is from ${from.device}, which is not attached here`)
  }
  if (!isWellAddressed(envelope)) {
    return no("malformed", id, "its addressees are not in order, each once, each with its wrap")
  }
  if (bytes > limits.envelopeBytesMax) {
    return no("too_large", id, `it has ${bytes} bytes, and at most ${limits.envelopeBytesMax} fit`)
  }
  return Result.succeed(attachment)
}

function no(code: ErrorCode, id: MessageId, why: string): Result.Result<never, Refused> {
  return Result.fail(refused(code, `Cannot admit message "${id}": ${why}`))
}
