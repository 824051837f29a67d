import { openEnvelope, verifyPrekey } from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { makeMesh, memberOf } from "./made_mesh.ts"
import {
  draftOf,
  messageIdOf,
  openContextOf,
  prekeyOf,
  resigned,
  sealBetween
} from "./made_message.ts"
import { outcomeOf } from "./outcome.ts"

const mesh = makeMesh("made message", ["ada", "bob"])
const letter = { from: "ada", to: ["bob"], text: "hello" }

describe("sealBetween", () => {
  it("seals what the recipient's context opens", () => {
    const opened = openEnvelope(sealBetween(mesh, letter), openContextOf(mesh, "bob"))

    assert.strictEqual(fromUtf8(Result.getOrThrow(opened).content), "hello")
  })

  it("takes other fields for the header", () => {
    const { header } = sealBetween(mesh, letter, { draft: { attempt: 7, id: messageIdOf(255) } })

    assert.strictEqual(header.attempt, 7)
    assert.strictEqual(header.id, "019b7600-0000-7000-8000-0000000000ff")
    assert.strictEqual(draftOf(mesh, letter).attempt, 0)
  })
})

describe("resigned", () => {
  it("makes a changed envelope bear a signature that holds", () => {
    const envelope = sealBetween(mesh, letter)
    const changed = { ...envelope, header: { ...envelope.header, ttl: 1 } }

    const verdicts = [changed, resigned(mesh, "ada", changed)].map((one) =>
      outcomeOf(openEnvelope(one, openContextOf(mesh, "bob")))
    )

    assert.deepStrictEqual(verdicts, ["bad_signature", "undecryptable"])
  })
})

describe("prekeyOf", () => {
  it("is signed by the member's device", () => {
    assert.isTrue(verifyPrekey(prekeyOf(mesh, "bob"), memberOf(mesh, "bob").record.key))
  })
})
