/**
 * `claudemesh send`: hands one message to a peer.
 *
 * It returns once the message is safe on this machine's disk; what happens then is `message status`.
 *
 * @module
 */
import { SendMessage } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { durationFlag, given } from "../flags.ts"
import { Mesh, meshRef } from "../global_flags.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { messageText } from "../message_text.ts"
import { Output } from "../output.ts"
import { linkWord } from "../reports/mesh.ts"
import { messageSent } from "../reports/message.ts"
import { declared } from "../verb.ts"

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
    )
  },
  Effect.fn("send")(function*({ text: words, to, ...options }) {
    const text = yield* messageText(words)
    const daemon = yield* (yield* LocalDaemon).started
    const payload = { to, text, ...meshRef(yield* Mesh), ...given(options) }
    const message = yield* daemon.messages.send({ payload })
    const { items } = yield* daemon.meshes.list({})
    const mesh = items.find(({ mesh }) => mesh === message.mesh)
    const unconfirmed = message.state === "queued" && mesh !== undefined &&
      mesh.link.state !== "attached"
    yield* (yield* Output).print(messageSent, message, {
      warnings: unconfirmed
        ? [
          `It is safe on this machine; the broker has not confirmed it yet (${mesh.name} is ${
            linkWord(mesh.link)
          })`
        ]
        : [],
      next: [{ cmd: `claudemesh message status ${message.id}`, why: "how far it is" }]
    })
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
      }
    ],
    report: messageSent
  })
)
