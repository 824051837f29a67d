import { assert, describe, it } from "@effect/vitest"
import { serverUser } from "./server_user.ts"

describe("serverUser", () => {
  it("is somebody else where this is root, and nobody else where it is not", () => {
    const other = serverUser(true)

    assert.isAbove(other?.uid ?? 0, 0)
    assert.isUndefined(serverUser(false))
  })
})
