/**
 * Accepts what a person or an agent wants to say, once it is clear to whom.
 *
 * @module
 */
import { limits, type MessageId, Meta, type Refused, refused } from "@claudemesh/protocol"
import { utf8 } from "@claudemesh/protocol/crypto"
import type { SendMessage } from "@claudemesh/protocol/local_api"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { MessageIndex } from "../messages/message_index.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { Roster } from "../roster/roster.ts"
import { type Accepted, type MessageKey, Outbox, type Outgoing } from "./outbox.ts"

/** What a caller may name a send by, to make it repeatable: an id, or a key of its own. */
interface RepeatNames {
  readonly id?: MessageId | undefined
  readonly key?: string | undefined
}

/** Accepts messages. */
export class Send extends Context.Service<Send, {
  /**
   * Accepts a message: committed when this answers, or refused and nothing sent. The same key is the same
   * message, as is the same id.
   */
  readonly send: (
    message: SendMessage,
    key?: string
  ) => Effect.Effect<MessageKey & Accepted, Refused>
}>()("@claudemesh/daemon/outbox/send") {
  static readonly layer = Layer.effect(
    Send,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const roster = yield* Roster
      const outbox = yield* Outbox
      const index = yield* MessageIndex

      // Another mesh may be the current one by now.
      const findRepeated = Effect.fnUntraced(function*({ id, key }: RepeatNames) {
        const keyed = key === undefined
          ? undefined
          : Option.getOrUndefined(yield* outbox.byKey(key))
        return keyed ?? (id === undefined ? undefined : (yield* outbox.byPrefix(id))[0])
      })
      // A repeat means whom it meant the first time, though they may have left since.
      const resolve = Effect.fnUntraced(
        function*(mesh: Mesh, to: string, known: Option.Option<Outgoing>) {
          if (Option.isNone(known)) return yield* roster.resolve(mesh, to)
          const devices = known.value.recipients.map(({ device }) => device)
          return yield* Effect.catch(
            roster.resolveAmong(mesh, to, devices),
            () => roster.resolve(mesh, to)
          )
        }
      )
      const findAnswered = Effect.fnUntraced(
        function*(typed: string | undefined, known: Option.Option<Outgoing>) {
          if (typed === undefined) return undefined
          const before = Option.getOrUndefined(known)?.meta.reply_to
          // What was clear the first time may begin like other ids by now.
          return before?.startsWith(typed) === true ? before : (yield* index.find(typed)).id
        }
      )
      const send = Effect.fn("Send.send")(function*(message: SendMessage, key?: string) {
        const content = yield* checkText(message)
        yield* checkSubject(message)
        const { id, priority = "next", subject } = message
        const repeated = yield* findRepeated({ id, key })
        const mesh = yield* meshes.resolve(message.mesh ?? repeated?.mesh)
        const known = repeated === undefined ? Option.none() : yield* outbox.find(repeated)
        const { devices, name } = yield* resolve(mesh, message.to, known)
        const answered = yield* findAnswered(message.reply_to, known)
        const accepted = yield* outbox.accept({
          mesh: mesh.id,
          class: "dm",
          to: devices.map(({ device_id }) => ({ device: device_id })),
          addressed: name,
          meta: {
            priority,
            ...(subject === undefined ? {} : { subject }),
            ...(answered === undefined ? {} : { reply_to: answered })
          },
          content,
          ttl: yield* checkTtl(message.ttl_ms),
          ...(id === undefined ? {} : { id }),
          ...(key === undefined ? {} : { key })
        })
        return { mesh: mesh.id, ...accepted }
      })
      return Send.of({ send })
    })
  )
}

/** The message's bytes: some, not too many, and nothing but text. */
function checkText({ text, to }: SendMessage): Effect.Effect<Uint8Array, Refused> {
  if (text === "") return Effect.fail(refused("empty_message", `Cannot send nothing to "${to}"`))
  if (!text.isWellFormed() || text.includes("\0")) {
    return Effect.fail(refused("not_text", `Cannot send to "${to}": what was given is not text`))
  }
  const content = utf8(text)
  if (content.length <= limits.contentBytesMax) return Effect.succeed(content)
  const sizes = `it has ${content.length} bytes, and at most ${limits.contentBytesMax} fit`
  return Effect.fail(refused("too_large", `Cannot send the message to "${to}": ${sizes}`))
}

const isSubject = Schema.is(Meta.fields.subject)

/** What could not be committed to must not get as far as the outbox. */
function checkSubject({ subject, to }: SendMessage): Effect.Effect<void, Refused> {
  if (subject === undefined || isSubject(subject)) return Effect.void
  const rule = `at most ${limits.subjectCharactersMax} characters of text work`
  return Effect.fail(refused("usage", `Cannot send to "${to}" with that subject: ${rule}`))
}

function checkTtl(ttl = limits.ttlMillisDefault): Effect.Effect<number, Refused> {
  if (ttl >= 1_000 && ttl <= limits.ttlMillisMax) return Effect.succeed(ttl)
  return Effect.fail(
    refused("usage", `Cannot keep a message for ${ttl} ms: a second to 7 days work`)
  )
}
