import { assert, describe, it } from "@effect/vitest"
import { terminalReset } from "./terminal_reset.ts"

describe("terminalReset", () => {
  const reset = terminalReset()

  it("saves the cursor before it leaves the other screen, where it may never have been", () => {
    assert.include(reset, "\x1b7\x1b[?1049l")
  })

  it.each(["?25h", "?1000l", "?1003l", "?1006l", "?1004l", "?2004l", "?2026l", "<u", ">4m"])(
    "says %s",
    (mode) => {
      assert.include(reset, `\x1b[${mode}`)
    }
  )
})
