/**
 * Ids: what each thing is called on the wire. How an id is made from a key is in `key_ids.ts`.
 *
 * @module
 */
import { Schema } from "effect"

function prefixed(prefix: string, what: string) {
  return Schema.String.check(
    Schema.isPattern(new RegExp(`^${prefix}_[a-z2-7]{26}$`), {
      expected: `a ${what} id (${prefix}_…)`
    })
  )
}

/** A mesh: commits to the genesis statement, and so to the root key. */
export const MeshId = prefixed("m", "mesh").pipe(Schema.brand("MeshId"))
export type MeshId = typeof MeshId.Type

/** A person or bot of a mesh: commits to its key. */
export const MemberId = prefixed("u", "member").pipe(Schema.brand("MemberId"))
export type MemberId = typeof MemberId.Type

/** One machine of a member: commits to its key. Also the id of its mailbox log. */
export const DeviceId = prefixed("d", "device").pipe(Schema.brand("DeviceId"))
export type DeviceId = typeof DeviceId.Type

/** An offer to become a member: commits to the invite key. */
export const InviteId = prefixed("i", "invite").pipe(Schema.brand("InviteId"))
export type InviteId = typeof InviteId.Type

/** A key that messages are sealed to, renewed often: commits to it. */
export const PrekeyId = prefixed("p", "prekey").pipe(Schema.brand("PrekeyId"))
export type PrekeyId = typeof PrekeyId.Type

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** One agent run on a device. */
export const SessionId = Schema.String.check(
  Schema.isPattern(UUID, { expected: "a lower-case UUID" })
).pipe(
  Schema.brand("SessionId")
)
export type SessionId = typeof SessionId.Type

/** A message, named by its sender: the only id of it that a user sees. */
export const MessageId = Schema.String.check(
  Schema.isPattern(UUID_V7, { expected: "a lower-case UUIDv7" })
).pipe(
  Schema.brand("MessageId")
)
export type MessageId = typeof MessageId.Type

/** A log at the broker: a device's mailbox. Channels come with topics. */
export const LogId = DeviceId
export type LogId = typeof LogId.Type

/** A name a person types: of a mesh, a member, a device or a session. */
export const Name = Schema.String.check(
  Schema.isPattern(/^[a-z0-9][a-z0-9._-]{0,31}$/, {
    expected: "a name of 1 to 32 of a-z, 0-9, '.', '_', '-', beginning with a letter or digit"
  })
)
