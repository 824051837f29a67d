import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Schema } from "effect"
import { invite } from "../testing/samples.ts"
import type { Remembered } from "./embedded_broker.ts"
import { inviteForOthers } from "./invite_for_others.ts"

const { link = "" } = invite
const LOCAL = "http://127.0.0.1:7843"
const PUBLIC = "https://mesh.acme.dev"

/** The link that is shown where the home's own broker is, or was, that one. */
const linkBeside = Effect.fnUntraced(
  function*(broker: Partial<Remembered> | undefined) {
    const fs = yield* FileSystem.FileSystem
    const home = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
    yield* fs.makeDirectory(`${home}/data/broker`, { recursive: true })
    if (broker !== undefined) {
      const address = { host: "127.0.0.1", port: 7843, origin: LOCAL, ...broker }
      const text = yield* Schema.encodeEffect(Schema.fromJsonString(Schema.Unknown))(address)
      yield* fs.writeFileString(`${home}/data/broker/address.json`, text)
    }
    const settings = ConfigProvider.layer(ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: home }))
    return (yield* Effect.provide(inviteForOthers(invite), settings)).link
  },
  Effect.scoped,
  Effect.provide(NodeServices.layer)
)

describe("inviteForOthers", () => {
  it.effect("names the public URL of the home's own broker", () =>
    Effect.gen(function*() {
      const known = { origin: PUBLIC, public_url: `${PUBLIC}/`, origins: [PUBLIC, LOCAL] }

      assert.strictEqual(yield* linkBeside(known), link.replace(LOCAL, PUBLIC))
    }))

  it.effect("leaves a link of another broker, and of one without a public URL", () =>
    Effect.gen(function*() {
      const elsewhere = "http://127.0.0.1:1"
      const other = { origin: PUBLIC, public_url: PUBLIC, origins: [PUBLIC, elsewhere] }

      assert.strictEqual(yield* linkBeside(undefined), link)
      assert.strictEqual(yield* linkBeside(other), link)
      assert.strictEqual(yield* linkBeside({ origins: ["http://localhost:7843", LOCAL] }), link)
      assert.strictEqual(yield* linkBeside({ origin: PUBLIC, public_url: PUBLIC }), link)
    }))
})
