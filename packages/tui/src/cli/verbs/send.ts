/**
 * `claudemesh send`: hands one message to a peer.
 *
 * It returns once the message is safe on this machine's disk; what happens then is `message status`. With
 * `--await` it stays until the message is further, and says how far it is, whatever happens.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { errorTable, type Refused, refused } from "@claudemesh/protocol/errors"
import { IdempotencyKey, SendMessage, type SentMessage } from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { AWAITED, type AwaitOptions, outcomeOf, startAwaiting } from "../awaiting.ts"
import { EndedWith } from "../failure.ts"
import { durationFlag, given } from "../flags.ts"
import { Mesh, meshRef } from "../global_flags.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { messageText } from "../message_text.ts"
import { Output } from "../output.ts"
import { sumWord } from "../reports/ladder.ts"
import { linkWord } from "../reports/mesh.ts"
import { type MessageAnswered, messageSent } from "../reports/message.ts"
import { duration } from "../times.ts"
import { declared } from "../verb.ts"

const TIMEOUT_MILLIS = 30_000

export const send = Command.make(
  "send",
  {
    to: Argument.String("to").pipe(
      Argument.withDescription("A peer: name, @name, name@device, or an id prefix of 6 or more")
    ),
    text: Argument.String("text").pipe(
      Argument.withDescription("What to say; - alone reads it from stdin"),
      Argument.variadic()
    ),
    subject: Flag.String("subject").pipe(
      Flag.withDescription("A line that says what it is about"),
      Flag.optional
    ),
    priority: Flag.Literals("priority", SendMessage.fields.priority.schema.literals).pipe(
      Flag.withDescription(
        "now interrupts, next waits for the next pause (default), low is for the inbox only"
      ),
      Flag.optional
    ),
    reply_to: Flag.String("reply-to").pipe(
      Flag.withMetavar("ID"),
      Flag.withDescription("The message it answers: id, or prefix of 6 or more"),
      Flag.optional
    ),
    ttl_ms: durationFlag("ttl", "Give up after this long (default and most: 7d)"),
    id: Flag.String("id").pipe(
      Flag.withMetavar("UUID"),
      Flag.withDescription("A UUIDv7 that makes sending repeatable: the same again is sent once"),
      Flag.withSchema(SendMessage.fields.id.schema),
      Flag.optional
    ),
    key: Flag.String("idempotency-key").pipe(
      Flag.withMetavar("KEY"),
      Flag.withDescription(
        "The same in your own words, such as \"deploy 42\": up to 200 characters"
      ),
      Flag.withSchema(IdempotencyKey),
      Flag.optional
    ),
    awaited: Flag.Literals("await", AWAITED).pipe(
      Flag.withDescription(
        "Stay until the broker has it (admitted), the recipient's machine has signed for it (inboxed), an agent was handed it (surfaced), or its model has it before it (in_context)"
      ),
      Flag.optional
    ),
    timeout: durationFlag("timeout", "How long to stay at most, with --await (default: 30s)")
  },
  Effect.fn("send")(function*({ awaited, key, text: words, timeout, to, ...options }) {
    const text = yield* messageText(words)
    const daemon = yield* (yield* LocalDaemon).started
    const payload = { to, text, ...meshRef(yield* Mesh), ...given(options) }
    const headers = Option.match(key, {
      onNone: () => ({}),
      onSome: (key) => ({ "idempotency-key": key })
    })
    const sending = daemon.messages.send({ headers, payload })
    if (Option.isNone(awaited)) {
      if (Option.isSome(timeout)) return yield* timeoutAlone
      return yield* sayAccepted(daemon, yield* sending)
    }
    const timeoutMillis = Option.getOrElse(timeout, () => TIMEOUT_MILLIS)
    yield* sendAndAwait(daemon, sending, { awaited: awaited.value, timeoutMillis })
  })
).pipe(
  declared({
    description: "Send a message to a peer",
    examples: [
      { command: "claudemesh send ada \"tests pass\"", description: "Tell a peer something" },
      {
        command: "git diff | claudemesh send ada@laptop2 -",
        description: "Send what a command prints"
      },
      {
        command: "claudemesh send ada --priority now \"stop the deploy\"",
        description: "Interrupt"
      },
      {
        command: "claudemesh send ada --await inboxed --timeout 1m \"deploy is done\"",
        description: "Stay until her machine has signed for it"
      },
      {
        command: "claudemesh send ada --idempotency-key \"deploy 42\" \"deploy is done\"",
        description: "From a script that may run twice: it is sent once"
      }
    ],
    report: messageSent
  })
)

const timeoutAlone = refused(
  "usage",
  `Cannot wait without knowing for what: --timeout goes with --await ${AWAITED.join(", ")}`
)

/** Says that it is safe here, and what stands in its way for now. */
const sayAccepted = Effect.fnUntraced(
  function*(daemon: Daemon["Service"], message: MessageAnswered) {
    const why = yield* unconfirmed(daemon, message)
    yield* say(message, why === undefined ? [] : [`It is safe on this machine; ${why}`])
  }
)

/** Why the broker has not confirmed a message yet, where it is the connection. */
const unconfirmed = Effect.fnUntraced(function*(daemon: Daemon["Service"], message: SentMessage) {
  if (message.state !== "queued") return undefined
  const { items } = yield* daemon.meshes.list({})
  const mesh = items.find(({ mesh }) => mesh === message.mesh)
  return mesh === undefined || mesh.link.state === "attached"
    ? undefined
    : `the broker has not confirmed it yet (${mesh.name} is ${linkWord(mesh.link)})`
})

function say(message: MessageAnswered, warnings: ReadonlyArray<string>) {
  return Output.use((output) =>
    output.print(messageSent, message, {
      warnings,
      next: [{ cmd: `claudemesh message status ${message.id}`, why: "how far it is" }]
    })
  )
}

type Sending = ReturnType<Daemon["Service"]["messages"]["send"]>

/** Sends it, waits, and says how far it is: also where it takes too long, and where somebody stops waiting. */
const sendAndAwait = Effect.fnUntraced(
  function*(daemon: Daemon["Service"], sending: Sending, options: AwaitOptions) {
    const { latest, until } = yield* startAwaiting(daemon)
    const accepted = yield* sending
    // Only the answer to the send tells whether it was sent before.
    const { duplicate } = accepted
    const known = Effect.map(latest, (seen): MessageAnswered => ({
      ...Option.getOrElse(seen, () => accepted),
      duplicate
    }))
    const seen = yield* until(accepted, options).pipe(
      Effect.catchTag("Refused", (refusal) => Effect.flatMap(known, sayUnseen(refusal))),
      Effect.onInterrupt(() =>
        Effect.flatMap(known, (message) => say(message, [goesOn(message, "Stopped waiting")]))
      )
    )
    const message = { ...seen, duplicate }
    const outcome = outcomeOf(message, options.awaited)
    if (outcome.type === "reached") return yield* say(message, [])
    if (outcome.type === "ended") {
      yield* say(message, [`It will not be ${options.awaited} with everybody it is for`])
      return yield* new EndedWith({ exit: errorTable[outcome.code].exit })
    }
    const waited = `Waited ${duration(options.timeoutMillis)} for it to be ${options.awaited}`
    const why = yield* unconfirmed(daemon, message)
    const goingOn = goesOn(message, waited)
    yield* say(message, [why === undefined ? goingOn : `${goingOn}; ${why}`])
    return yield* new EndedWith({ exit: errorTable.timed_out.exit })
  }
)

/** The daemon ended while we waited; what was accepted it sends when it is back. */
function sayUnseen(refusal: Refused) {
  return Effect.fnUntraced(function*(message: MessageAnswered) {
    yield* say(message, [
      `${refusal.message}: it was ${sumWord(message)} when last seen, and is kept`
    ])
    return yield* new EndedWith({ exit: errorTable[refusal.code].exit })
  })
}

/** It was accepted, so nothing that ends this program ends the message. */
function goesOn(message: SentMessage, what: string): string {
  return `${what}: it is ${sumWord(message)}, and goes on by itself`
}
