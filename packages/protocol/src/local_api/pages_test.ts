import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { limitOf, pageSizes } from "./pages.ts"

describe("limitOf", () => {
  it.each(Object.entries(pageSizes))(
    "takes one to as many as fit on a page of the %s",
    (_, size) => {
      const isQuery = Schema.is(Schema.Struct({ limit: limitOf(size) }))

      for (const query of [{}, { limit: 1 }, { limit: size.max }]) assert.isTrue(isQuery(query))
      for (const limit of [0, -1, 1.5, size.max + 1]) assert.isFalse(isQuery({ limit }))
    }
  )
})
