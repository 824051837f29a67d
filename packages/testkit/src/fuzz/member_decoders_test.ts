import { describe, it } from "@effect/vitest"
import { memberDecoders } from "./member_decoders.ts"
import { assertRefusesInErrorCodes } from "./testing/kept_promises.ts"

describe("readers of what members say", () => {
  it.each(memberDecoders.map((decoder) => [decoder.name, decoder] as const))(
    "%s keeps its promises, whatever it reads, and refuses in the words of the error table",
    (_, decoder) => assertRefusesInErrorCodes(decoder)
  )
})
