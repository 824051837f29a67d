import { BrokerApi } from "@claudemesh/protocol"
import { LocalApi } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { type HostileRequest, hostileRequests } from "./requests.ts"

const bodies = { "POST /v1/meshes": [{ name: "home", broker: "http://here" }] }

function rowOf(count: number, name = "requests"): ReadonlyArray<HostileRequest> {
  const requests = hostileRequests(LocalApi, { name, bodies, words: ["home", "ada"] })
  return Array.from({ length: count }, (_, number) => requests(number))
}

describe("hostileRequests", () => {
  const row = rowOf(2_000)

  it("are the same for the same name and number", () => {
    assert.deepStrictEqual(rowOf(100), row.slice(0, 100))
    assert.notDeepEqual(rowOf(100, "others"), row.slice(0, 100))
  })

  it("reach every row of the table", () => {
    const broker = hostileRequests(BrokerApi, { name: "broker" })
    const endpoints = new Set(Array.from({ length: 300 }, (_, number) => broker(number).endpoint))

    assert.lengthOf(endpoints, 6)
    assert.isAbove(new Set(row.map(({ endpoint }) => endpoint)).size, 15)
  })

  it.each<readonly [string, (request: HostileRequest) => boolean]>([
    [
      "right ones",
      ({ body, endpoint, headers }) =>
        endpoint === "POST /v1/meshes" && body === JSON.stringify(bodies[endpoint][0]) &&
        headers["origin"] === undefined
    ],
    ["other methods", ({ endpoint, method }) => !endpoint.startsWith(method)],
    ["what a web page sends", ({ headers }) => headers["origin"] !== undefined],
    ["words in queries", ({ path }) => path.includes("?mesh=home")],
    ["paths that do not decode", ({ path }) => path.includes("%zz")],
    [
      "broken bodies",
      ({ body }) => body?.startsWith("{\"name\":") === true && !body.endsWith("}")
    ],
    ["other types of body", ({ headers }) => headers["content-type"] === "text/plain"]
  ])("have %s among them", (_, holds) => {
    assert.isTrue(row.some(holds))
  })

  it("are such as a client can send", () => {
    assert.isTrue(row.every(({ path }) => /^\/[!-~]*$/.test(path)))
    assert.isTrue(
      row.every(({ headers }) => Object.values(headers).every((value) => /^[ -~]*$/.test(value)))
    )
  })
})
