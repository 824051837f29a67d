import { describe, it } from "@effect/vitest"
import { schemaDecoders } from "./schema_decoders.ts"
import { assertKeepsPromises } from "./testing/kept_promises.ts"

describe("schemas", () => {
  it.each(schemaDecoders.map((decoder) => [decoder.name, decoder] as const))(
    "%s keeps its promises, whatever it reads",
    (_, decoder) => void assertKeepsPromises(decoder)
  )
})
