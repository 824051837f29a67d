/**
 * What the broker asks of a statement beyond the fold: that its time is near the broker's clock.
 *
 * Otherwise a join could be dated back to when its invite was still open, and
 * any statement ahead, which would end every open invite. A log that is given
 * back to a broker that lost it has statements of long ago: they are taken, but
 * a join by an invite that has expired only if it is older than the store, and
 * not older than what it follows.
 *
 * @module
 */
import {
  compareHead,
  inviteIdOf,
  limits,
  type Membership,
  type Refused,
  refused,
  type Statement,
  statementHash
} from "@claudemesh/protocol"
import { DateTime, HashMap, Option, Result } from "effect"

type Checked = Result.Result<void, Refused>

/** Whether the statement's time is near the broker's. The refusal says what the broker's is. */
export function checkTime({ at, kind, seq }: Statement, now: number): Checked {
  if (Math.abs(at - now) <= limits.statementSkewMillisMax) return Result.void
  const times = `its time is ${timeText(at)}, and the broker's is ${timeText(now)}`
  return Result.fail(refused("bad_statement", `Cannot accept statement ${seq} (${kind}): ${times}`))
}

/** Statements of a log that is given back, and what their times are measured by. */
export interface Restored {
  readonly statements: ReadonlyArray<Statement>
  /** What they lead to. */
  readonly after: Membership
  /** The time of the statement before them. */
  readonly before: number
  /** What the store may have lost is not younger than this. */
  readonly bornAt: number
  readonly now: number
}

/** The same for a log that is given back: whether a time far from the broker's gains nobody anything. */
export function checkRestoredTimes(restored: Restored): Checked {
  const { bornAt, now, statements } = restored
  let before = restored.before
  for (const statement of statements) {
    const { at } = statement
    const wasLost = at <= bornAt && at >= before - limits.statementSkewMillisMax
    const isHarmless = at <= now && (wasLost || isTimeless(statement, restored))
    const checked = isHarmless ? Result.void : checkTime(statement, now)
    if (Result.isFailure(checked)) return checked
    before = at
  }
  return Result.void
}

/** Whether it could be said just as well now: only a join depends on its time, and not while the invite is open. */
function isTimeless(statement: Statement, { after, now }: Restored): boolean {
  if (statement.kind !== "member_add") return true
  const invite = Option.getOrUndefined(
    HashMap.get(after.invites, inviteIdOf(statement.body.invite))
  )
  return invite !== undefined && now <= invite.expires
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
