import * as protocol from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { decoders } from "./decoders.ts"

/** How the protocol calls what takes something from outside. */
const READER = /^(read|parse|decode|open|unpack|verify|fold)[A-Z](?!.*Input$)|^refOf$/

describe("decoders", () => {
  it("are every reader that the protocol exports", () => {
    const covered = new Set(decoders.flatMap(({ covers }) => covers))
    const readers = Object.keys(protocol).filter((name) => READER.test(name))

    assert.isAbove(readers.length, 10)
    assert.deepStrictEqual(readers.filter((name) => !covered.has(name)), [])
  })

  it("have each a name of its own, by which a case is made again", () => {
    const names = decoders.map(({ name }) => name)
    assert.deepStrictEqual(names.filter((name, at) => names.indexOf(name) !== at), [])
  })
})
