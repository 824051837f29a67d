/**
 * What the broker asks of a statement beyond the fold: that its time is near the broker's clock.
 *
 * A log is given back to a broker that lost it with statements of long ago. They
 * are taken if they are older than the store, and not older than what they
 * follow: so an invite that had expired by then stays expired.
 *
 * @module
 */
import {
  compareHead,
  limits,
  type Membership,
  type Refused,
  refused,
  type Statement,
  statementHash
} from "@claudemesh/protocol"
import { DateTime, Option, Result } from "effect"

type Checked = Result.Result<void, Refused>

/** Whether the statement's time is near the broker's. The refusal says what the broker's is. */
export function checkTime({ at, kind, seq }: Statement, now: number): Checked {
  if (Math.abs(at - now) <= limits.statementSkewMillisMax) return Result.void
  const times = `its time is ${timeText(at)}, and the broker's is ${timeText(now)}`
  return Result.fail(refused("bad_statement", `Cannot accept statement ${seq} (${kind}): ${times}`))
}

/** What the times of a log that is given back are measured by. */
export interface RestoreTimes {
  /** When the store was made. */
  readonly bornAt: number
  /** The time of the statement before. */
  readonly before: number
  readonly now: number
}

/** The same for a statement of a log that is given back. */
export function checkRestoredTime(
  statement: Statement,
  { before, bornAt, now }: RestoreTimes
): Checked {
  const isRestored = statement.at <= bornAt &&
    statement.at >= before - limits.statementSkewMillisMax
  return isRestored ? Result.void : checkTime(statement, now)
}

/** The part of a log that is not stored yet; what is must be the same, or it is `membership_fork`. */
export function unknownPart(
  statements: ReadonlyArray<Statement>,
  stored: Membership
): Result.Result<ReadonlyArray<Statement>, Refused> {
  const known = statements.filter(({ seq }) => seq <= stored.head.seq)
  const other = known.find((statement) =>
    compareHead(stored, { seq: statement.seq, hash: statementHash(statement) }) === "fork"
  )
  if (other === undefined) return Result.succeed(statements.slice(known.length))
  const message =
    `Cannot store the log of mesh ${stored.mesh}: its statement ${other.seq} is another one here`
  return Result.fail(refused("membership_fork", message))
}

function timeText(millis: number): string {
  return Option.match(DateTime.make(millis), {
    onNone: () => `${millis}`,
    onSome: DateTime.formatIso
  })
}
