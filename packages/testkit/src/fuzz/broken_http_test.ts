import { assert, describe, it } from "@effect/vitest"
import { brokenRequests } from "./broken_http.ts"

describe("brokenRequests", () => {
  it("are each another one, and each of one byte a character", () => {
    const texts = brokenRequests.map(({ text }) => text)

    assert.lengthOf(new Set(texts), texts.length)
    assert.lengthOf(new Set(brokenRequests.map(({ what }) => what)), texts.length)
    // oxlint-disable-next-line eslint/no-control-regex -- zeros are among them
    assert.isTrue(texts.every((text) => /^[\u0000-\u00ff]*$/.test(text)))
  })
})
