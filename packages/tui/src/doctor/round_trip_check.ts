/**
 * Checks the whole way in each mesh that is attached: to the broker, to a peer's daemon, and back.
 *
 * @module
 */
import type { MeshStatus, PingReport } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { word } from "../cli/shell_word.ts"
import { failed, type Finding, ok, skipped, warning } from "./finding.ts"
import { type RunningDaemon, withDaemon } from "./machine.ts"

const TIMEOUT_MILLIS = 2_000

/** A ping to somebody who is there, in each mesh. */
export const roundTrip = withDaemon(({ calls, status }) => {
  const attached = status.meshes.filter(({ link }) => link.state === "attached")
  return attached.length === 0
    ? Effect.succeed([skipped("no mesh is connected")])
    : Effect.forEach(
      attached,
      (mesh) => Effect.map(pingSomebody(calls, mesh), (finding) => ({ ...finding, of: mesh.name })),
      {
        concurrency: 8
      }
    )
})

const pingSomebody = Effect.fnUntraced(
  function*(calls: RunningDaemon["calls"], { mesh }: MeshStatus) {
    const { items } = yield* calls.roster.peers({ query: { mesh } })
    const to = items.find(({ self, state }) => !self && state === "online")?.name
    if (to === undefined) return skipped("nobody else is online")
    const { items: reports } = yield* calls.calls.ping({
      payload: { mesh, to, timeout_ms: TIMEOUT_MILLIS }
    })
    return roundTripFinding(to, reports)
  }
)

/** What there is to say of pings to the devices of one peer. */
export function roundTripFinding(to: string, reports: ReadonlyArray<PingReport>): Finding {
  const answered = reports.find(({ failure }) => failure === undefined)
  if (answered !== undefined) {
    const ms = answered.legs.reduce((sum, { ms }) => sum + ms, 0)
    return ok(`"${answered.name}" has answered after ${Math.round(ms)} ms`)
  }
  const again = { cmd: `claudemesh ping ${word(to)}`, why: "see how far it gets" }
  const reason = reports.at(-1)?.failure?.message ?? "no device was asked"
  const reached = reports.some(({ legs }) => legs.some(({ leg }) => leg === "broker"))
  return reached
    ? warning(`"${to}" is said to be there and does not answer: ${reason}`, again)
    : failed(`a call does not come through to the broker: ${reason}`, again)
}
