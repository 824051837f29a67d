import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { brokerOptions } from "./config.ts"

function optionsFrom(env: Record<string, string>) {
  const provider = ConfigProvider.fromEnv({ env })
  return Effect.provideService(brokerOptions, ConfigProvider.ConfigProvider, provider)
}

describe("brokerOptions", () => {
  it.effect("listens on this machine alone, unless told otherwise", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* optionsFrom({ CLAUDEMESH_BROKER_DATA: "data" }), {
        dataDirectory: "data",
        listen: { host: "127.0.0.1", port: 7_843 }
      })
    }))

  it.effect("takes an address and a public URL", () =>
    Effect.gen(function*() {
      const options = yield* optionsFrom({
        CLAUDEMESH_BROKER_DATA: "data",
        CLAUDEMESH_BROKER_HOST: "0.0.0.0",
        CLAUDEMESH_BROKER_PORT: "80",
        CLAUDEMESH_BROKER_PUBLIC_URL: "https://mesh.acme.dev"
      })
      assert.deepStrictEqual(options.listen, { host: "0.0.0.0", port: 80 })
      assert.strictEqual(options.publicUrl, "https://mesh.acme.dev")
    }))
})
