/**
 * Says in one line how a session stands in its mesh, for the status line of Claude Code.
 *
 * @module
 */
import { nameText } from "@claudemesh/daemon/thin"
import type { HotDaemon } from "./hot_daemon.ts"
import { asMembers, countIn, listIn, type Members, textIn } from "./input.ts"
import { findOwnPlace, type OwnPlace, type Whereabouts } from "./own_place.ts"

/** The line, or nothing in a home without a mesh. */
export async function statusLine(daemon: HotDaemon, whereabouts: Whereabouts): Promise<string> {
  const [place, held] = await Promise.all([
    findOwnPlace(daemon, whereabouts),
    daemon.get("/v1/held").catch(() => ({}))
  ])
  return place === undefined ? "" : lineOf(place, heldIn(listIn(held, "items"), place))
}

function lineOf({ mesh, session }: OwnPlace, held: number): string {
  const unread = countIn(mesh, "unread")
  const carrier = session === undefined ? "" : nameText(textIn(session, "carrier"))
  return [
    whoIn({ mesh, session }),
    linkIn(mesh),
    unread === 0 ? "" : `${unread} unread`,
    held === 0 ? "" : `${held} held`,
    carrier === "" ? "" : `via ${carrier}`
  ].filter((part) => part !== "").join(" · ")
}

function whoIn({ mesh, session }: OwnPlace): string {
  const name = nameText(textIn(mesh, "name"))
  return session === undefined ? name : `${nameText(textIn(session, "name"))}@${name}`
}

function linkIn(mesh: Members): string {
  switch (textIn(asMembers(mesh["link"]), "state")) {
    case "attached":
      return ""
    case "connecting":
      return "mesh connecting"
    default:
      return "mesh offline"
  }
}

/** How many messages wait for a human before this session is shown them. */
function heldIn(held: ReadonlyArray<Members>, { mesh, session }: OwnPlace): number {
  return session === undefined
    ? held.filter(({ message }) => textIn(asMembers(message), "mesh") === textIn(mesh, "mesh"))
      .length
    : held.filter((one) => textIn(one, "session") === textIn(session, "id")).length
}
