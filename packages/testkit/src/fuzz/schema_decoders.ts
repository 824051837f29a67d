/**
 * The readers that are schemas: every one that the protocol exports, and those of both HTTP APIs. Computed, so that
 * none is left out.
 *
 * @module
 */
import * as protocol from "@claudemesh/protocol"
import * as localApi from "@claudemesh/protocol/local_api"
import { HttpApi, type HttpApiGroup } from "effect/http-api"
import { jsonCases } from "./cases.ts"
import { codecOf, type Decoder, readTwice } from "./decoder.ts"
import { isPlainSchema, type PlainSchema, samplesOf } from "./samples.ts"

/** Values made for each block of cases of one schema. */
const SAMPLES = 8

/** What is read as a case of these unions, and put to the test there. */
const cases = new Set<unknown>([
  ...Object.values(protocol.DeviceFrame.cases),
  ...Object.values(protocol.BrokerFrame.cases)
])

/** The table. */
export const schemaDecoders: ReadonlyArray<Decoder> = [
  ...Object.entries({ ...protocol, ...localApi }).flatMap(([name, exported]) =>
    schemasIn(exported).map((schema, at) =>
      schemaDecoder(at === 0 ? name : `${name} ${at}`, schema)
    )
  ),
  ...endpointDecoders(protocol.BrokerApi),
  ...endpointDecoders(localApi.LocalApi)
]

/** The schema, or the schemas of a list. */
function schemasIn(exported: unknown): ReadonlyArray<PlainSchema> {
  const schemas: ReadonlyArray<unknown> = Array.isArray(exported) ? exported : [exported]
  return schemas.filter(isPlainSchema).filter((schema) => !cases.has(schema))
}

function schemaDecoder(name: string, schema: PlainSchema): Decoder {
  const codec = codecOf(schema)
  const samples = { count: SAMPLES, size: 1 }
  return {
    name,
    covers: [name],
    cases: jsonCases(name, (block) => samplesOf(schema, { ...samples, seed: `${name} ${block}` })),
    read: (text) => readTwice(codec, text)
  }
}

/** What each endpoint takes as its body. What it answers with are schemas that are exported. */
function endpointDecoders<Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
): ReadonlyArray<Decoder> {
  const decoders: Array<Decoder> = []
  HttpApi.reflect(api, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint: { method, path, payload } }) => {
      const name = `${api.identifier} ${method} ${path}`
      for (const { schemas } of payload.values()) {
        decoders.push(...schemasIn([...schemas]).map((schema) => schemaDecoder(name, schema)))
      }
    }
  })
  return decoders
}
