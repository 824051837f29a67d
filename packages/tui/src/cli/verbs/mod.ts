/**
 * The table of verbs: parser, help, completions and reference all come from it.
 *
 * @module
 */
import { Command } from "effect/cli"
import { Json, Mesh } from "../global_flags.ts"
import { broker } from "./broker/mod.ts"
import { daemon } from "./daemon/mod.ts"
import { doctor } from "./doctor.ts"
import { down } from "./down.ts"
import { held } from "./held/mod.ts"
import { inbox } from "./inbox.ts"
import { install } from "./install.ts"
import { invite } from "./invite/mod.ts"
import { join } from "./join.ts"
import { launch } from "./launch.ts"
import { mesh } from "./mesh/mod.ts"
import { message } from "./message/mod.ts"
import { outbox } from "./outbox/mod.ts"
import { peers } from "./peers.ts"
import { ping } from "./ping.ts"
import { search } from "./search.ts"
import { send } from "./send.ts"
import { session } from "./session/mod.ts"
import { status } from "./status.ts"
import { uninstall } from "./uninstall.ts"
import { up } from "./up.ts"
import { whoami } from "./whoami.ts"

export const claudemesh = Command.make("claudemesh").pipe(
  Command.withDescription(
    "claudemesh: messages between coding agents, on your machines, readable only by you"
  ),
  Command.withExamples([
    {
      command: "claudemesh up",
      description: "Start here: broker, daemon, first mesh, an invite link"
    },
    { command: "claudemesh join 'LINK'", description: "Or join somebody else's mesh" },
    { command: "claudemesh send ada \"tests pass\"", description: "Then talk" }
  ]),
  Command.withSubcommands([
    { group: "Start", commands: [up, down, status, doctor] },
    { group: "Talk", commands: [send, inbox, search, peers, ping, message, outbox] },
    { group: "Agents", commands: [launch, install, uninstall, session, held] },
    { group: "Meshes", commands: [join, invite, mesh, whoami] },
    { group: "Processes", commands: [daemon, broker] }
  ]),
  Command.withGlobalFlags([Json, Mesh])
)
