/**
 * Finds out whom a message is for: the devices of a member, or one agent run.
 *
 * An answer goes to the agent run that asked, where the question names it. A name that nobody of the
 * mesh has may be that of another agent run of this machine.
 *
 * @module
 */
import type { DeviceId, ErrorCode, MessageId, Refused, SessionId } from "@claudemesh/protocol"
import { Effect, Option } from "effect"
import { Inbox } from "../inbox/inbox.ts"
import { MessageIndex } from "../messages/message_index.ts"
import type { Mesh } from "../meshes/mesh.ts"
import type { Resolved } from "../roster/resolve_name.ts"
import { Roster } from "../roster/roster.ts"
import { makeSessionRows } from "../sessions/session_rows.ts"
import type { Outgoing } from "./outbox.ts"

/** Whom a message is for, and how to show that again. */
export interface Addressed {
  readonly name: string
  readonly to: ReadonlyArray<{ readonly device: DeviceId; readonly session?: SessionId }>
  readonly answered: MessageId | undefined
}

/** What a caller says of that; `known` is what the same message was the first time. */
export interface AddressQuery {
  readonly mesh: Mesh
  readonly to: string
  readonly reply_to?: string | undefined
  readonly known: Option.Option<Outgoing>
  /** The agent run that writes: its own name means another. */
  readonly from: SessionId | undefined
}

/** Finds out whom a message is for. */
export const makeAddressing = Effect.gen(function*() {
  const roster = yield* Roster
  const index = yield* MessageIndex
  const inbox = yield* Inbox
  const sessions = yield* makeSessionRows

  // A repeat means whom it meant the first time, though they may have left since.
  const member = Effect.fnUntraced(function*({ known, mesh, to }: AddressQuery) {
    if (Option.isNone(known)) return yield* roster.resolve(mesh, to)
    const devices = known.value.recipients.map(({ device }) => device)
    return yield* Effect.catch(
      roster.resolveAmong(mesh, to, devices),
      () => roster.resolve(mesh, to)
    )
  })
  const agentHere = Effect.fnUntraced(
    function*({ from, mesh, to }: AddressQuery, otherwise: Refused) {
      if (!MAY_BE_AN_AGENT.has(otherwise.code)) return yield* otherwise
      const wanted = nameIn(to)
      const found = (yield* sessions.live).find(({ id, name, ...session }) =>
        name === wanted && session.mesh === mesh.id && id !== from
      )
      if (found === undefined) return yield* otherwise
      return { name: found.name, to: [{ device: mesh.identity.deviceId, session: found.id }] }
    }
  )
  const answeredBy = Effect.fnUntraced(
    function*(query: AddressQuery, devices: ReadonlyArray<DeviceId>) {
      const { known, mesh, reply_to: typed } = query
      if (typed === undefined) return undefined
      const before = Option.getOrUndefined(known)?.meta.reply_to
      // What was clear the first time may begin like other ids by now.
      if (before?.startsWith(typed) === true) return before
      return yield* index.answered(typed, { mesh: mesh.id, devices })
    }
  )
  /** The agent run that wrote what is answered, on each device that it was written on. */
  const asking = Effect.fnUntraced(
    function*(id: MessageId | undefined, devices: ReadonlyArray<DeviceId>) {
      const rows = id === undefined ? [] : yield* inbox.byPrefix(id, devices)
      return new Map(rows.map(({ meta, sender }) => [sender, meta.session?.id]))
    }
  )
  const ofMember = Effect.fnUntraced(function*(query: AddressQuery, resolved: Resolved) {
    const devices = resolved.devices.map(({ device_id }) => device_id)
    const answered = yield* answeredBy(query, devices)
    const asked = yield* asking(answered, devices)
    const to = devices.map((device) => {
      const session = asked.get(device)
      return session === undefined ? { device } : { device, session }
    })
    return { name: resolved.name, to, answered }
  })
  return Effect.fn("Addressing.find")(
    function*(query: AddressQuery): Effect.fn.Return<Addressed, Refused> {
      const self = query.mesh.identity.deviceId
      const before = agentBefore(query)
      if (before !== undefined) return { ...before, answered: yield* answeredBy(query, [self]) }
      const resolved = yield* Effect.result(member(query))
      if (resolved._tag === "Success") return yield* ofMember(query, resolved.success)
      const here = yield* agentHere(query, resolved.failure)
      return { ...here, answered: yield* answeredBy(query, [self]) }
    }
  )
})

/** Where no other member is meant, an agent run of this machine may be. */
const MAY_BE_AN_AGENT: ReadonlySet<ErrorCode> = new Set(["unknown_name", "self_recipient"])

/** The agent run of this machine that a repeat meant the first time, though it may have ended since. */
function agentBefore({ known, mesh, to }: AddressQuery) {
  const { addressed, recipients = [] } = Option.getOrUndefined(known) ?? {}
  const [recipient] = recipients
  if (addressed !== nameIn(to) || recipient?.device !== mesh.identity.deviceId) return undefined
  const { device, session } = recipient
  return session === null ? undefined : { name: addressed, to: [{ device, session }] }
}

function nameIn(typed: string): string {
  return typed.trim().replace(/^@/, "").toLowerCase()
}
