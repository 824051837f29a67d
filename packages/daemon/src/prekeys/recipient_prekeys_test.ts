import { type DeviceId, signPrekey } from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { appended, MADE_AT, makeMesh, memberOf, prekeyOf, revocationOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { makeFakeConnection, prekeysAnswer } from "../testing/fake_connection.ts"
import { makeRecipientPrekeys } from "./recipient_prekeys.ts"

const names = ["ada", ...Array.from({ length: 20 }, (_, at) => `m${at}`)] as const
const made = makeMesh("recipients", ["ada", ...names.slice(1)])
const mesh = made.membership.mesh
const m0 = memberOf(made, "m0")
const m1 = memberOf(made, "m1")
const none: ReadonlySet<DeviceId> = new Set()

/** What the broker was asked, as numbers of devices. */
function asked({ requests }: ReturnType<typeof makeFakeConnection>) {
  return requests.map((request) => request.type === "get_prekeys" ? request.devices.length : 0)
}

describe("makeRecipientPrekeys", () => {
  it.effect("asks once for what it does not know, in requests the broker takes", () =>
    Effect.gen(function*() {
      const fake = makeFakeConnection(
        prekeysAnswer(mesh, names.map((name) => prekeyOf(made, name)))
      )
      const { find } = yield* makeRecipientPrekeys(fake.connection)
      const devices = names.map((name) => memberOf(made, name).device)

      const found = yield* find(made.membership, devices, none)
      yield* find(made.membership, devices, none)

      assert.strictEqual(found.size, names.length)
      assert.deepStrictEqual(asked(fake), [16, 5])
    }))

  it.effect("asks again after a minute, and for what is to be sealed anew", () =>
    Effect.gen(function*() {
      const fake = makeFakeConnection(prekeysAnswer(mesh, [prekeyOf(made, "m0")]))
      const { find } = yield* makeRecipientPrekeys(fake.connection)
      yield* find(made.membership, [m0.device], none)
      yield* TestClock.adjust("59 seconds")
      yield* find(made.membership, [m0.device], none)
      assert.lengthOf(fake.requests, 1)

      yield* find(made.membership, [m0.device], new Set([m0.device]))
      yield* TestClock.adjust("61 seconds")
      yield* find(made.membership, [m0.device], none)

      assert.lengthOf(fake.requests, 3)
    }))

  const key = toBase64Url(m0.prekeyPair.publicKey)
  const elsewhere = makeMesh("elsewhere", ["ada"]).membership.mesh
  const genuine = prekeyOf(made, "m0")

  it.effect.each([
    { what: "is not signed", prekey: { ...genuine, sig: "A".repeat(86) } },
    {
      what: "another has signed",
      prekey: signPrekey({ mesh, device: m0.device, key, at: MADE_AT }, m1.deviceKey)
    },
    {
      what: "was made for another mesh",
      prekey: signPrekey({ mesh: elsewhere, device: m0.device, key, at: MADE_AT }, m0.deviceKey)
    },
    { what: "has another's id", prekey: { ...genuine, id: prekeyOf(made, "m1").id } },
    { what: "was asked for by nobody", prekey: prekeyOf(made, "m1") }
  ])("takes a prekey for none that $what", ({ prekey }) =>
    Effect.gen(function*() {
      const fake = makeFakeConnection((request) =>
        request.type === "get_prekeys"
          ? Effect.succeed({ type: "prekeys", ref: 1, items: [prekey] })
          : undefined
      )
      const { find } = yield* makeRecipientPrekeys(fake.connection)

      assert.strictEqual((yield* find(made.membership, [m0.device], none)).size, 0)
    }))

  it.effect("takes the prekey of a revoked device for none", () =>
    Effect.gen(function*() {
      const shrunk = appended(made, revocationOf(made, "ada", "m0"))
      const fake = makeFakeConnection(prekeysAnswer(mesh, [genuine]))
      const { find } = yield* makeRecipientPrekeys(fake.connection)

      assert.strictEqual((yield* find(shrunk.membership, [m0.device], none)).size, 0)
    }))
})
