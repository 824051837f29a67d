/**
 * `claudemesh launch`: starts an agent as a peer, and hands the terminal over to it.
 *
 * What it does is loaded when it is asked for: no other verb is slower for it.
 *
 * @module
 */
import { MessageMode } from "@claudemesh/protocol"
import { refused } from "@claudemesh/protocol/errors"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { CAPABILITIES } from "../../launch/caps.ts"
import { splitWords } from "../../launch/command_line.ts"
import { launchReport } from "../../launch/launch_report.ts"
import { given } from "../flags.ts"
import { Mesh } from "../global_flags.ts"
import { Output } from "../output.ts"
import { declared } from "../verb.ts"

const flags = {
  name: text(
    "name",
    "NAME",
    "What peers call it (default: as the last time here, first the directory)"
  ),
  join: text("join", "LINK", "Join by this invite link first"),
  groups: text("groups", "LIST", "Its groups, and what it is in them: frontend:lead,reviewers,all"),
  role: text("role", "WORD", "What it does, such as reviewer"),
  mode: Flag.Literals("mode", MessageMode.literals).pipe(
    Flag.withDescription(
      "push: messages come by themselves (default); inbox: they wait until they are read; off: none"
    ),
    Flag.optional
  ),
  caps: text(
    "caps",
    "LIST",
    `All that it may do at the mesh, with commas: ${CAPABILITIES} (default: as the last time here, first all)`
  ),
  resume: text(
    "resume",
    "SESSION",
    "Go on with this session of the agent's, under its name: id, or name in session list --all"
  ),
  continue: Flag.Boolean("continue").pipe(
    Flag.withDefault(false),
    Flag.withAlias("c"),
    Flag.withDescription("Go on with the newest session of this directory")
  ),
  systemPrompt: text("system-prompt", "TEXT", "Add this to what the agent is told at its start"),
  quiet: Flag.Boolean("quiet").pipe(
    Flag.withDefault(false),
    Flag.withAlias("q"),
    Flag.withDescription("Say nothing before the agent starts")
  ),
  yes: Flag.Boolean("yes").pipe(
    Flag.withDefault(false),
    Flag.withAlias("y"),
    Flag.withDescription("Take the proposed answer to questions of ours; the agent's are its own")
  ),
  noInput: Flag.Boolean("no-input").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Ask nothing: what is not known is an error")
  ),
  dryRun: Flag.Boolean("dry-run").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Say what the agent would be given, and start nothing")
  )
}

export const launch = Command.make(
  "launch",
  {
    words: Argument.String("agent").pipe(
      Argument.withDescription(
        "claude (default), codex, gemini or opencode; what stands after -- is for the agent alone"
      ),
      Argument.variadic()
    ),
    ...flags
  },
  Effect.fn("launch")(function*(options) {
    const { agents, ours: [name = "claude", ...more] } = splitWords(options.words)
    if (more.length > 0) {
      return yield* refused(
        "usage",
        `Cannot launch ${name} with "${more.join(" ")}": put -- before what is for the agent`
      )
    }
    const { caps, groups, join, mode, resume, role, systemPrompt } = options
    const { launchNamed } = yield* Effect.promise(() => import("../../launch/mod.ts"))
    yield* launchNamed(name, {
      ...options,
      args: agents,
      given: given({ mesh: yield* Mesh, name: options.name, role, groups, mode, caps }),
      link: Option.getOrUndefined(join),
      resume: Option.getOrUndefined(resume),
      systemPrompt: Option.getOrUndefined(systemPrompt),
      json: (yield* Output).json
    })
  })
).pipe(
  declared({
    description: "Start an agent as a peer, in this terminal",
    examples: [
      { command: "claudemesh launch", description: "Claude Code, called as this directory" },
      {
        command: "claudemesh launch --name api -- --model opus",
        description: "With a name, and arguments for the agent"
      },
      {
        command: "claudemesh launch --caps read",
        description: "It reads messages, and sends none"
      },
      { command: "claudemesh -c", description: "Go on where this directory left off" }
    ],
    report: launchReport
  })
)

function text(name: string, metavar: string, description: string) {
  return Flag.String(name).pipe(
    Flag.withMetavar(metavar),
    Flag.withDescription(description),
    Flag.optional
  )
}
