/**
 * Puts a message into the inbox as if it had come.
 *
 * @module
 */
import type { DeviceId, MeshId, MessageId } from "@claudemesh/protocol"
import { MADE_AT } from "@claudemesh/testkit"
import { SqlClient } from "effect/sql"

/** A message that came, of that sender and under that id. */
export function arrived(
  key: { readonly mesh: MeshId; readonly sender: DeviceId; readonly id: MessageId }
) {
  return SqlClient.SqlClient.use((sql) =>
    sql`INSERT INTO inbox ${
      sql.insert({
        ...key,
        commitment: "A",
        meta: "{\"priority\":\"next\"}",
        text: "hello",
        sentAt: MADE_AT,
        receivedAt: MADE_AT
      })
    }`
  )
}
