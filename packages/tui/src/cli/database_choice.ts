/**
 * Which database a broker is to use, as the command line or else the environment says.
 *
 * @module
 */
import { Config, Effect, Option, Redacted } from "effect"
import { Flag } from "effect/cli"

/** `--database URL`. */
export const databaseFlag = Flag.Redacted("database").pipe(
  Flag.withMetavar("URL"),
  Flag.withDescription(
    "A Postgres database to use instead of a file. Better given as DATABASE_URL (and PGPASSWORD): others on this machine can read a command line (default: DATABASE_URL)"
  ),
  Flag.optional
)

/** A database, and what the operator must know of how it was given. */
export interface DatabaseChoice {
  readonly database: Option.Option<Redacted.Redacted>
  readonly warnings: ReadonlyArray<string>
}

const PASSWORD_SHOWN =
  "Others on this machine can read the password in --database: give it as DATABASE_URL or PGPASSWORD"

/** What the flag says, or `DATABASE_URL`. */
export const chooseDatabase = Effect.fnUntraced(function*(
  flag: Option.Option<Redacted.Redacted>
): Effect.fn.Return<DatabaseChoice> {
  if (Option.isSome(flag)) {
    return { database: flag, warnings: hasPassword(flag.value) ? [PASSWORD_SHOWN] : [] }
  }
  const set = yield* Effect.orDie(Config.option(Config.Redacted("DATABASE_URL")))
  return { database: Option.filter(set, (url) => Redacted.value(url) !== ""), warnings: [] }
})

function hasPassword(url: Redacted.Redacted): boolean {
  const { password, searchParams } = URL.parse(Redacted.value(url)) ?? {}
  return (password ?? "") !== "" || searchParams?.has("password") === true
}
