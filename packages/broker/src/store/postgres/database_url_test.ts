import { assert, describe, it } from "@effect/vitest"
import { Option, Redacted, Result } from "effect"
import { readDatabaseUrl } from "./database_url.ts"

const SECRET = Redacted.make("from PGPASSWORD")

function read(url: string, password = Option.some(SECRET)) {
  return Result.getOrThrow(readDatabaseUrl(Redacted.make(url), password))
}

function urlIn(read: ReturnType<typeof readDatabaseUrl>) {
  const { connection: { url } } = Result.getOrThrow(read)
  return new URL(url === undefined ? "none:" : Redacted.value(url))
}

describe("readDatabaseUrl", () => {
  it("shows who and where, and no secret", () => {
    const url =
      "postgres://me:pa%20ss@db.example:5433/mail?sslmode=require&password=x&options=-cy%3Dz"
    const { shown } = read(url)

    assert.strictEqual(shown, "postgres://me@db.example:5433/mail?sslmode=require")
  })

  it("shows that it insists on TLS where the address does not say so", () => {
    const { shown } = read("postgres://me@db.example/mail")
    assert.strictEqual(shown, "postgres://me@db.example/mail?sslmode=require")
  })

  it("takes PGPASSWORD where the address has no password", () => {
    assert.strictEqual(read("postgres://me@db.example/mail").connection.password, SECRET)
    assert.isUndefined(read("postgres://me:own@db.example/mail").connection.password)
    assert.isUndefined(read("postgres://db.example/mail?password=own").connection.password)
  })

  it("insists on TLS where the way is long and nothing else is said", () => {
    const modes = [
      ["postgres://db.example/mail", "require"],
      ["postgres://192.0.2.7/mail", "require"],
      ["postgres://localhost/mail?host=db.example", "require"],
      ["postgres://db.example/mail?sslmode=prefer", "prefer"],
      ["postgres://db.example/mail?sslmode=disable", "disable"],
      ["postgres://localhost/mail", null],
      ["postgres://127.0.0.1/mail", null],
      ["postgres://[::1]/mail", null],
      ["postgres://localhost/mail?host=%2Frun%2Fpostgresql", null]
    ] as const
    for (const [url, mode] of modes) {
      const found = urlIn(readDatabaseUrl(Redacted.make(url), Option.none()))
      assert.strictEqual(found.searchParams.get("sslmode"), mode, url)
    }
  })

  it("refuses what is no address of a Postgres, and does not repeat it", () => {
    for (const url of ["me:secret@db/mail", "mysql://me:secret@db/mail", "postgres secret"]) {
      const read = readDatabaseUrl(Redacted.make(url), Option.none())
      assert.isTrue(Result.isFailure(read) && read.failure.code === "usage")
      assert.notInclude(Result.isFailure(read) ? read.failure.message : "secret", "secret")
    }
  })
})
