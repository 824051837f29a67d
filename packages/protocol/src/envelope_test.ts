import { makeMesh, memberOf, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { hashObject, utf8 } from "./crypto/mod.ts"
import {
  bodyHash,
  Envelope,
  envelopeBytes,
  EnvelopeClass,
  headerHash,
  isWellAddressed,
  sortAddressees
} from "./envelope.ts"
import { limits } from "./limits.ts"

const mesh = makeMesh("envelope", ["ada", "bob", "cy"])
const envelope = sealBetween(mesh, { from: "ada", to: ["bob", "cy"], text: "hello" })
const decode = Schema.decodeUnknownResult(Envelope, { onExcessProperty: "error" })

describe("Envelope", () => {
  it("says what is before it in a stream", () => {
    const to = [{ device: memberOf(mesh, "bob").device, sseq: 9, after: 7, ended: 1 }]
    const placed = { ...envelope, header: { ...envelope.header, to } }

    assert.deepStrictEqual(decode(placed), Result.succeed(placed))
  })

  it("comes back from JSON as it was", () => {
    assert.deepStrictEqual(decode(JSON.parse(JSON.stringify(envelope))), Result.succeed(envelope))
  })

  it.each<[string, object]>([
    ["of a later version", { v: 2 }],
    ["of what is no class", { class: "Post" }],
    ["to nobody", { to: [] }],
    ["to more devices than the limit", {
      to: Array.from({ length: 501 }, () => envelope.header.to[0])
    }],
    ["with a message id that is no UUIDv7", { id: "019b7600-0000-4000-8000-000000000001" }],
    ["that lives for no time", { ttl: 0 }],
    ["that lives too long", { ttl: limits.ttlMillisMax + 1 }],
    ["of a size that is not one of the few", { pad: 512 }],
    ["sent in a year that no calendar shows", { sent_at: 2 ** 53 - 1 }],
    ["with half a log head", { log_head: [1] }],
    ["with a log head of three", { log_head: [...envelope.header.log_head, 1] }],
    ["with a field more", { extra: 1 }],
    ["numbered from 0", { to: [{ device: memberOf(mesh, "bob").device, sseq: 0 }] }],
    ["to come after 0", { to: [{ device: memberOf(mesh, "bob").device, sseq: 1, after: 0 }] }],
    ["after none that ended", { to: [{ device: memberOf(mesh, "bob").device, sseq: 1, ended: 0 }] }]
  ])("is refused %s", (_, change) => {
    const header = { ...envelope.header, ...change }

    assert.isTrue(Result.isFailure(decode({ ...envelope, header })))
  })
})

describe("ClassText", () => {
  it("carries a class of a later version, whose recipient says that it does not know it", () => {
    const header = { ...envelope.header, class: "post" }

    assert.isTrue(Result.isSuccess(decode({ ...envelope, header })))
    assert.isFalse(Schema.is(EnvelopeClass)("post"))
  })
})

describe("headerHash and bodyHash", () => {
  it("hash the header, and wraps with body, each under a domain of its own", () => {
    const { body, header, wraps } = envelope

    assert.deepStrictEqual(headerHash(header), hashObject("cm1/header", header))
    assert.deepStrictEqual(bodyHash(envelope), hashObject("cm1/body", { wraps, body }))
  })
})

describe("envelopeBytes", () => {
  it("counts the bytes of the JSON", () => {
    assert.strictEqual(envelopeBytes(envelope), utf8(JSON.stringify(envelope)).length)
  })

  it("leaves room for what a push says beside the envelope", () => {
    const widest = 2 ** 53 - 1
    const { device } = memberOf(mesh, "bob")
    const push = { type: "push", log: device, epoch: widest, seq: widest, envelope: "" }

    const room = limits.frameBytesMax - limits.envelopeBytesMax
    assert.isBelow(JSON.stringify(push).length, room)
  })
})

describe("sortAddressees", () => {
  it("orders by device and changes nothing in place", () => {
    const to = envelope.header.to.toReversed()
    const before = [...to]

    assert.deepStrictEqual(sortAddressees(to), envelope.header.to)
    assert.deepStrictEqual(to, before)
  })
})

describe("isWellAddressed", () => {
  const { header, wraps } = envelope

  it("accepts each device once, in order, with its wrap", () => {
    assert.isTrue(isWellAddressed(envelope))
  })

  it.each([
    ["another order", {
      header: { ...header, to: header.to.toReversed() },
      wraps: wraps.toReversed()
    }],
    ["wraps in another order", { header, wraps: wraps.toReversed() }],
    ["a device twice", { header: { ...header, to: twice(header.to) }, wraps: twice(wraps) }],
    ["a wrap too few", { header, wraps: wraps.slice(1) }],
    ["a wrap too many", { header, wraps: [...wraps, ...wraps] }],
    ["no wrap", { header, wraps: [] }]
  ])("refuses %s", (_, changed) => {
    assert.isFalse(isWellAddressed(changed))
  })

  it("does not look at the message id", () => {
    assert.isTrue(isWellAddressed({ header: { ...header, id: messageIdOf(2) }, wraps }))
  })
})

function twice<A>(items: ReadonlyArray<A>): ReadonlyArray<A> {
  return items.slice(0, 1).flatMap((item) => [item, item])
}
