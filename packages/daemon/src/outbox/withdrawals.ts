/**
 * What a person may still do about a message: take it back before it has left, or send it once more after it ended.
 *
 * Neither changes the order of others: what is taken back leaves its place empty,
 * what is sent once more takes the last place.
 *
 * @module
 */
import { liveDevice, type Refused, refused } from "@claudemesh/protocol"
import type { OutboxState } from "@claudemesh/protocol/local_api"
import { Effect, Option, Result } from "effect"
import { SqlClient } from "effect/sql"
import { refusedWhenFull } from "../disk_full.ts"
import { Meshes } from "../meshes/meshes.ts"
import { Delivery } from "./delivery.ts"
import { asState } from "./delivery_rows.ts"
import { type MessageKey, Outbox, type OutboxDraft, type Outgoing } from "./outbox.ts"
import { isArrived } from "./progress.ts"

/** Whether it can be taken back: no broker was handed it, or each has said that it did not take it. */
export function isCancellable({ state, unanswered }: Outgoing): boolean {
  return state === "pending" && unanswered === 0
}

/** Acts on messages of the outbox, each in one commit. */
export const makeWithdrawals = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const delivery = yield* Delivery
  const outbox = yield* Outbox
  const meshes = yield* Meshes

  const find = Effect.fnUntraced(function*(key: MessageKey) {
    const found = yield* outbox.find(key)
    if (Option.isSome(found)) return found.value
    return yield* refused("message_not_found", `Cannot find message "${key.id}" any more`)
  })

  const cancel = Effect.fn("Outbox.cancel")(function*(key: MessageKey) {
    const message = yield* find(key)
    const refusal = refusalOfCancel(message)
    if (refusal !== undefined) return yield* refusal
    yield* delivery.end(message, { state: "aborted" })
    // What follows it to the same device need not wait for it any more.
    yield* outbox.lookAgain
  }, (cancelling) => refusedWhenFull("cancel the message", sql.withTransaction(cancelling)))

  /** Answers with the message that takes the place of the old one, for those who do not have it. */
  const requeue = Effect.fn("Outbox.requeue")(function*(key: MessageKey) {
    const message = yield* find(key)
    const { addressed, content, id, mesh, meta, ttl } = message
    const to = yield* Effect.fromResult(recipientsOfRequeue(message))
    const { membership, name } = yield* meshes.find(mesh)
    const gone = to.some(({ device }) =>
      membership !== undefined && liveDevice(membership, device) === undefined
    )
    if (gone) {
      const why = `a device it is for is not of mesh "${name}" any more`
      return yield* refused("unknown_recipient", `Cannot send message "${id}" once more: ${why}`)
    }
    const accepted = yield* outbox.accept({
      mesh,
      class: "dm",
      to,
      addressed,
      meta,
      content,
      ttl,
      supersedes: id
    })
    yield* sql`UPDATE outbox SET state = 'aborted', superseded_by = ${accepted.id}
      WHERE mesh = ${mesh} AND id = ${id}`
    return { mesh, id: accepted.id }
  }, (requeueing) => refusedWhenFull("send the message once more", sql.withTransaction(requeueing)))

  return { cancel, requeue }
})

function refusalOfCancel(message: Outgoing): Refused | undefined {
  if (isCancellable(message)) return undefined
  const { id, state } = message
  if (OVER.has(state)) {
    return refused("message_ended", `Cannot cancel message "${id}": it is ${state}`)
  }
  const why = state === "admitted" ? "the broker has it" : "it has left, and may have arrived"
  return refused("already_sent", `Cannot cancel message "${id}": ${why}`)
}

/** Whom a message that has ended is sent to once more: those who have not signed for it. */
function recipientsOfRequeue(
  { id, recipients, state, supersededBy }: Outgoing
): Result.Result<OutboxDraft["to"], Refused> {
  function refuse(why: string) {
    return Result.fail(
      refused("nothing_to_requeue", `Cannot send message "${id}" once more: ${why}`)
    )
  }
  if (supersededBy !== null) return refuse(`"${supersededBy}" was sent in its place`)
  if (!OVER.has(state)) return refuse(`it is still on its way (${state})`)
  const lacking = recipients.filter(({ state }) => !isArrived(asState(state)))
  if (lacking.length === 0) return refuse("all it is for have it")
  return Result.succeed(
    lacking.map(({ device, session }) => session === null ? { device } : { device, session })
  )
}

const OVER: ReadonlySet<OutboxState> = new Set(["delivered", "dead", "expired", "aborted"])
