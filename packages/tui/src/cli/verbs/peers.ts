/**
 * `claudemesh peers`: whom one can send to.
 *
 * @module
 */
import { Peer } from "@claudemesh/protocol/local_api"
import { Effect, Order, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { Mesh, meshRef } from "../global_flags.ts"
import { homeWarnings } from "../home_warnings.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { Output } from "../output.ts"
import { type Column, type Page, table, type Tone, toned } from "../page.ts"
import { listReport } from "../report.ts"
import { ago, rfc3339, Time } from "../times.ts"
import { declared } from "../verb.ts"

/** How many a person is shown; programs get all. */
const SHOWN_MAX = 20

const View = Schema.Struct({ ...Peer.fields, since: Schema.optionalKey(Time) })

const TONES = {
  online: "good",
  away: "warning",
  unknown: undefined,
  gone: "dim"
} as const satisfies Record<
  Peer["state"],
  Tone | undefined
>
const STATES: ReadonlyArray<Peer["state"]> = ["online", "away", "unknown", "gone"]

/** `peer.list` */
export const peerList = listReport({
  kind: "peer.list",
  schema: View,
  fields: Object.keys(View.fields),
  text: ({ items, page: list }, page) => textOfPeers(items, { page, all: list?.["all"] === true })
})

export const peers = Command.make(
  "peers",
  {
    all: Flag.Boolean("all").pipe(
      Flag.withDescription(`Yourself too, and more than ${SHOWN_MAX}`),
      Flag.withDefault(false)
    )
  },
  Effect.fn("peers")(function*({ all }) {
    const daemon = yield* (yield* LocalDaemon).started
    const roster = yield* daemon.roster.peers({ query: meshRef(yield* Mesh) })
    const items = roster.items.filter(({ self }) => all || !self).toSorted(byStateThenName)
    yield* (yield* Output).print(peerList, { items, page: { all } }, {
      warnings: yield* homeWarnings(daemon),
      next: items.length === 0
        ? [{ cmd: "claudemesh invite create", why: "nobody else is here yet" }]
        : [{ cmd: `claudemesh send ${items[0]?.name} "hello"`, why: "say something" }]
    })
  })
).pipe(
  declared({
    description: "List whom you can send to",
    examples: [
      { command: "claudemesh peers", description: "Who is there" },
      { command: "claudemesh peers --json name,state", description: "For a program" }
    ],
    report: peerList
  })
)

const byStateThenName = Order.combine(
  Order.mapInput(Order.Number, ({ state }: Peer) => STATES.indexOf(state)),
  Order.mapInput(Order.String, ({ name }: Peer) => name)
)

function textOfPeers(
  peers: ReadonlyArray<Peer>,
  { all, page }: { readonly all: boolean; readonly page: Page }
): string {
  if (peers.length === 0) return page.plain ? "" : "Nobody else is here yet"
  const shown = all || page.plain ? peers : peers.slice(0, SHOWN_MAX)
  const columns: ReadonlyArray<Column<Peer>> = [
    { title: "NAME", cell: ({ name }) => name, tone: () => "bold" },
    { title: "STATE", cell: ({ state }) => state, tone: ({ state }) => TONES[state] },
    { title: "DEVICE", cell: ({ device }) => device },
    { title: "ROLE", cell: ({ role }) => role },
    {
      title: "SINCE",
      cell: ({ since }) =>
        since === undefined ? "" : page.plain ? rfc3339(since) : ago(page.now, since)
    },
    ...(all ? [{ title: "", cell: ({ self }: Peer) => self ? "you" : "" }] : [])
  ]
  const left = peers.length - shown.length
  return [table(page, columns, shown), left > 0 ? toned(page, `… ${left} more: --all`, "dim") : ""]
    .filter((part) => part !== "")
    .join("\n")
}
