/**
 * Reads the address of a database, and never says its password again.
 *
 * @module
 */
import type { PgClient } from "@effect/sql-pg"
import { type Refused, refused } from "@claudemesh/protocol"
import { Option, Redacted, Result } from "effect"

/** An address to connect to, and how people are told of it. */
export interface DatabaseUrl {
  readonly connection: Pick<PgClient.PgClientConfig, "url" | "password">
  readonly shown: string
}

const PROTOCOLS = new Set(["postgres:", "postgresql:"])

/** Parameters that are shown; any other may hold a secret. */
const SHOWN = new Set(["host", "port", "sslmode"])

/**
 * Takes `PGPASSWORD` where the address has no password, and insists on TLS where it leads to another machine and
 * says nothing of that.
 *
 * What the driver makes of `sslmode`: `require`, `verify-ca` and `verify-full` are the same to it, TLS with a
 * certificate that is checked, name and all. So are `prefer` and `allow`, but that they do without TLS where the
 * server says that it has none, and anybody on the way can say that for it. `disable` does without.
 */
export function readDatabaseUrl(
  text: Redacted.Redacted,
  password: Option.Option<Redacted.Redacted>
): Result.Result<DatabaseUrl, Refused> {
  const url = URL.parse(Redacted.value(text))
  if (url === null || !PROTOCOLS.has(url.protocol)) {
    return Result.fail(
      refused(
        "usage",
        "Cannot read the address of the database: give postgres://USER@HOST/DATABASE"
      )
    )
  }
  const hasPassword = url.password !== "" || url.searchParams.has("password")
  if (!url.searchParams.has("sslmode") && !isLocal(url)) url.searchParams.set("sslmode", "require")
  const connection = {
    url: Redacted.make(url.href),
    ...(!hasPassword && Option.isSome(password) && { password: password.value })
  }
  // With the mode that is in force: whoever reads that the server has no TLS sees what to change.
  return Result.succeed({ connection, shown: shownUrl(url) })
}

function shownUrl(url: URL): string {
  const shown = new URL(url.href)
  shown.password = ""
  shown.hash = ""
  for (const name of url.searchParams.keys()) {
    if (!SHOWN.has(name)) shown.searchParams.delete(name)
  }
  return shown.href
}

function isLocal({ hostname, searchParams }: URL): boolean {
  const host = searchParams.get("host") ?? hostname
  return host === "" || host.startsWith("/") || /^(localhost|127\.[\d.]+|\[?::1\]?)$/.test(host)
}
