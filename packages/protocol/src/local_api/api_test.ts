import { assert, describe, it } from "@effect/vitest"
import { HttpApi, OpenApi } from "effect/http-api"
import { LocalApi } from "./api.ts"

const document = OpenApi.fromApi(LocalApi)

describe("LocalApi", () => {
  it("has an OpenAPI document with every group", () => {
    const tags = document.tags.map(({ name }) => name)

    assert.sameMembers(tags, [
      "daemon",
      "meshes",
      "invites",
      "roster",
      "calls",
      "messages",
      "outbox",
      "search",
      "sessions",
      "surfacing",
      "events"
    ])
  })

  it("answers each method of a path once", () => {
    const endpoints = endpointsOf().map(({ method, path }) => `${method} ${path}`)

    assert.deepStrictEqual(endpoints, [...new Set(endpoints)])
    const documented = Object.values(document.paths).flatMap((path) => Object.keys(path))
    assert.lengthOf(documented, endpoints.length)
  })

  it("keeps everything under its version", () => {
    assert.deepStrictEqual(endpointsOf().filter(({ path }) => !path.startsWith("/v1/")), [])
  })

  it("declares for every endpoint how it may be refused", () => {
    const mute = endpointsOf().filter(({ failures }) => !failures.includes("409"))

    assert.deepStrictEqual(mute, [])
  })
})

interface Endpoint {
  readonly method: string
  readonly path: string
  readonly failures: ReadonlyArray<string>
}

function endpointsOf(): ReadonlyArray<Endpoint> {
  const endpoints: Array<Endpoint> = []
  HttpApi.reflect(LocalApi, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint: { method, path }, errors }) => {
      endpoints.push({ method, path, failures: [...errors.keys()].map(String) })
    }
  })
  return endpoints
}
