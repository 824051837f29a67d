import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Option } from "effect"
import { LISTEN_DEFAULT, recall, serveBroker } from "./embedded_broker.ts"

const ANY_PORT = Option.some({ host: "127.0.0.1", port: 0 })

layer(NodeServices.layer, { excludeTestServices: true })("serveBroker", (it) => {
  it.effect("listens where it listened last", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const dataDirectory = `${yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })}/broker`
      const choice = { dataDirectory, listen: ANY_PORT, publicUrl: Option.none() }
      const none = yield* recall(dataDirectory)
      const first = yield* Effect.scoped(serveBroker(choice))
      const again = yield* Effect.scoped(serveBroker({ ...choice, listen: Option.none() }))

      assert.isTrue(Option.isNone(none))
      assert.notStrictEqual(first.port, 0)
      assert.strictEqual(again.origin, first.origin)
      assert.strictEqual(LISTEN_DEFAULT.host, "127.0.0.1")
    }))

  it.effect("is not begun anew in a file where its data was in a database", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const dataDirectory = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
      const database = "postgres://mesh@db.example/mesh"
      yield* fs.writeFileString(
        `${dataDirectory}/address.json`,
        `{ "host": "127.0.0.1", "port": 0, "origin": "http://127.0.0.1:0", "database": "${database}" }`
      )
      const choice = { dataDirectory, listen: ANY_PORT, publicUrl: Option.none() }
      const refusal = yield* Effect.flip(serveBroker(choice))

      assert.strictEqual(refusal.code, "needs_input")
      assert.include(refusal.message, database)
    }))

  it.effect("is refused data that another one serves, and an address that is taken", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
      const choice = { dataDirectory: `${directory}/a`, listen: ANY_PORT, publicUrl: Option.none() }
      const { host, port } = yield* serveBroker(choice)
      const locked = yield* Effect.flip(serveBroker(choice))
      const taken = yield* Effect.flip(
        serveBroker({
          ...choice,
          dataDirectory: `${directory}/b`,
          listen: Option.some({ host, port })
        })
      )

      assert.strictEqual(locked.code, "data_locked")
      assert.strictEqual(taken.code, "address_in_use")
    }).pipe(Effect.scoped))
})
