import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Option, Redacted } from "effect"
import { chooseDatabase } from "./database_choice.ts"

function chosen(flag: string | undefined, settings: Readonly<Record<string, string>> = {}) {
  return chooseDatabase(Option.map(Option.fromUndefinedOr(flag), (url) => Redacted.make(url))).pipe(
    Effect.map(({ database, warnings }) => ({
      url: Option.getOrUndefined(Option.map(database, Redacted.value)),
      warnings
    })),
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(settings)))
  )
}

const IN_ENVIRONMENT = { DATABASE_URL: "postgres://db/environment" }

describe("chooseDatabase", () => {
  it.effect("takes the flag before the environment, and nothing where neither says anything", () =>
    Effect.gen(function*() {
      const { url } = yield* chosen("postgres://db/flag", IN_ENVIRONMENT)
      assert.strictEqual(url, "postgres://db/flag")
      assert.strictEqual(
        (yield* chosen(undefined, IN_ENVIRONMENT)).url,
        IN_ENVIRONMENT.DATABASE_URL
      )
      assert.isUndefined((yield* chosen(undefined, { DATABASE_URL: "" })).url)
      assert.isUndefined((yield* chosen(undefined)).url)
    }))

  it.effect("warns of a password that everybody can read", () =>
    Effect.gen(function*() {
      assert.lengthOf((yield* chosen("postgres://me:secret@db/x")).warnings, 1)
      assert.lengthOf((yield* chosen("postgres://me@db/x?password=secret")).warnings, 1)
      assert.lengthOf((yield* chosen("postgres://me@db/x")).warnings, 0)
      const set = { DATABASE_URL: "postgres://me:secret@db/x" }
      assert.lengthOf((yield* chosen(undefined, set)).warnings, 0)
    }))
})
