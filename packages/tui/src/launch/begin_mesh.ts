/**
 * Makes a mesh for a home that is in none, with a broker on this machine, and says how somebody else enters it.
 *
 * @module
 */
import { type Daemon, homeDirectory } from "@claudemesh/daemon"
import type { InviteView } from "@claudemesh/protocol/local_api"
import { Effect, FileSystem, Option, Schedule } from "effect"
import { FIRST_MESH } from "../cli/first_mesh.ts"
import { inviteForOthers } from "../cli/invite_for_others.ts"
import { LocalDaemon } from "../cli/local_daemon.ts"
import { Output } from "../cli/output.ts"
import { isLoopback } from "../cli/own_address.ts"

/** How long the first invite is waited for; a mesh is of use without it too. */
const INVITE_WITHIN = "8 seconds"

/** Whether the home was never in a mesh: keys are on its disk before it is in one. */
export const hasNoKeys = Effect.gen(function*() {
  const { directory } = yield* Effect.orDie(homeDirectory)
  const fs = yield* FileSystem.FileSystem
  const keys = `${directory}/keys`
  return yield* fs.readDirectory(keys).pipe(
    Effect.map(({ length }) => length === 0),
    // What is there and cannot be read the daemon speaks about.
    Effect.catch(() => Effect.map(fs.exists(keys), (isThere) => !isThere)),
    Effect.orElseSucceed(() => false)
  )
})

/** Makes it, and returns once an agent can be in it. What was started for it goes on after us. */
export const beginMesh = Effect.fn("beginMesh")(function*({ quiet }: { readonly quiet: boolean }) {
  const daemon = yield* (yield* LocalDaemon).up
  const invite = yield* firstInvite(daemon)
  if (quiet) return
  const { note } = yield* Output
  yield* note(
    `Made the mesh ${FIRST_MESH}: claudemesh down ends its broker, claudemesh up brings it back.`
  )
  const link = Option.flatMap(invite, ({ link }) => Option.fromUndefinedOr(link))
  yield* Option.match(link, {
    onNone: () => note("claudemesh invite create makes a link by which others enter it."),
    onSome: (link) =>
      note(`Others enter it${whereOf(link)} with: claudemesh launch --join '${link}'`)
  })
})

/** The one that `up` makes, as others can use it. */
function firstInvite(daemon: Daemon["Service"]) {
  return daemon.invites.list({ query: {} }).pipe(
    Effect.map(({ items }) => items.find(isOpen)),
    Effect.repeat({
      schedule: Schedule.spaced("40 millis"),
      until: (invite) => invite !== undefined
    }),
    Effect.flatMap((invite) => invite === undefined ? Effect.undefined : inviteForOthers(invite)),
    Effect.map(Option.fromUndefinedOr),
    Effect.timeoutOrElse({ duration: INVITE_WITHIN, orElse: () => Effect.succeedNone })
  )
}

function isOpen({ link, state }: InviteView): boolean {
  return state === "open" && link !== undefined
}

function whereOf(link: string): string {
  return isLoopback(link) ? ", on this machine alone," : ""
}
