/**
 * Accepts what a person or an agent wants to say, once it is clear to whom.
 *
 * @module
 */
import { limits, type MessageId, Meta, type Refused, refused } from "@claudemesh/protocol"
import { utf8 } from "@claudemesh/protocol/crypto"
import type { SendMessage, Session } from "@claudemesh/protocol/local_api"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { Meshes } from "../meshes/meshes.ts"
import { makeAddressing } from "./addressing.ts"
import { type Accepted, type MessageKey, Outbox } from "./outbox.ts"

/** What a caller may name a send by, to make it repeatable: an id, or a key of its own. */
interface RepeatNames {
  readonly id?: MessageId | undefined
  readonly key?: string | undefined
}

/** Who sends, and the name that makes it repeatable. */
export interface SentBy {
  readonly key?: string | undefined
  /** The agent run that it goes out under the name of. */
  readonly session?: Pick<Session, "id" | "name"> | undefined
}

/** Accepts messages. */
export class Send extends Context.Service<Send, {
  /**
   * Accepts a message: committed when this answers, or refused and nothing sent. The same key is the same
   * message, as is the same id.
   */
  readonly send: (
    message: SendMessage,
    by?: SentBy
  ) => Effect.Effect<MessageKey & Accepted, Refused>
}>()("@claudemesh/daemon/outbox/send") {
  static readonly layer = Layer.effect(
    Send,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const outbox = yield* Outbox
      const address = yield* makeAddressing

      // Another mesh may be the current one by now.
      const findRepeated = Effect.fnUntraced(function*({ id, key }: RepeatNames) {
        const keyed = key === undefined
          ? undefined
          : Option.getOrUndefined(yield* outbox.byKey(key))
        return keyed ?? (id === undefined ? undefined : (yield* outbox.byPrefix(id))[0])
      })
      const send = Effect.fn("Send.send")(
        function*(message: SendMessage, { key, session }: SentBy = {}) {
          const content = yield* checkText(message)
          yield* checkSubject(message)
          const { id } = message
          const repeated = yield* findRepeated({ id, key })
          const mesh = yield* meshes.resolve(message.mesh ?? repeated?.mesh)
          const known = repeated === undefined ? Option.none() : yield* outbox.find(repeated)
          const { answered, name, to } = yield* address({
            mesh,
            to: message.to,
            reply_to: message.reply_to,
            known,
            from: session?.id
          })
          const accepted = yield* outbox.accept({
            mesh: mesh.id,
            class: "dm",
            to,
            addressed: name,
            meta: metaOf(message, answered, session),
            content,
            ttl: yield* checkTtl(message.ttl_ms),
            ...(id === undefined ? {} : { id }),
            ...(key === undefined ? {} : { key })
          })
          return { mesh: mesh.id, ...accepted }
        }
      )
      return Send.of({ send })
    })
  )
}

/** What is said about a message, sealed with it. */
function metaOf(
  { priority = "next", subject }: SendMessage,
  answered: MessageId | undefined,
  session: SentBy["session"]
): Meta {
  return {
    priority,
    ...(subject === undefined ? {} : { subject }),
    ...(answered === undefined ? {} : { reply_to: answered }),
    ...(session === undefined ? {} : { session: { id: session.id, name: session.name } })
  }
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
