import { type Membership, signAttach } from "@claudemesh/protocol"
import { makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Function, HashMap, Queue, Result } from "effect"
import { defaultBrokerLimits } from "../broker_limits.ts"
import { checkDevice, checkRoom } from "./attach_checks.ts"
import { Connection } from "./connection.ts"
import { INCARNATION } from "./testing/test_device.ts"

const mesh = makeMesh("checks", ["ada"])
const ada = memberOf(mesh, "ada")
const challenge = { nonce: INCARNATION, origin: "http://127.0.0.1:7843" }

const claim = {
  mesh: mesh.membership.mesh,
  device: ada.device,
  have: { statements: 0, upto: 0 },
  incarnation: INCARNATION,
  versions: [1]
}
const frame = {
  type: "attach",
  ...claim,
  sig: signAttach(claim, challenge, ada.deviceKey)
} as const

const connection = Effect.map(Queue.unbounded<string>(), (frames) => {
  const link = {
    send: Function.constVoid,
    close: Function.constVoid,
    terminate: Function.constVoid,
    bufferedBytes: () => 0,
    pause: Function.constVoid,
    resume: Function.constVoid,
    ping: Function.constVoid
  }
  const own = {
    limits: defaultBrokerLimits,
    now: () => 0,
    onEnd: Function.constVoid,
    onSettled: Function.constVoid
  }
  return new Connection({ link, challenge, ...own }, frames)
})

function codeOf(checked: Result.Result<void, { readonly code: string }>) {
  return Result.match(checked, { onSuccess: () => "ok", onFailure: ({ code }) => code })
}

describe("checkRoom", () => {
  it.effect("asks for a common version and for room", () =>
    Effect.gen(function*() {
      const one = yield* connection
      assert.strictEqual(codeOf(checkRoom(one, frame, 1)), "ok")
      assert.strictEqual(codeOf(checkRoom(one, { ...frame, versions: [2, 3] }, 1)), "unsupported")
      assert.strictEqual(codeOf(checkRoom(one, frame, 0)), "not_permitted")
    }))
})

describe("checkDevice", () => {
  it.effect("takes a device that has answered the challenge, with everything it has said", () =>
    Effect.gen(function*() {
      const one = yield* connection
      assert.strictEqual(codeOf(checkDevice(one, frame, mesh.membership)), "ok")
      const altered = { ...frame, have: { statements: 1, upto: 0 } }
      assert.strictEqual(codeOf(checkDevice(one, altered, mesh.membership)), "bad_signature")
    }))

  it.effect("refuses who is not in the log, or is there no more", () =>
    Effect.gen(function*() {
      const one = yield* connection
      const nobody: Membership = { ...mesh.membership, devices: HashMap.empty() }
      assert.strictEqual(codeOf(checkDevice(one, frame, nobody)), "unknown_device")
      const devices = HashMap.map(
        mesh.membership.devices,
        (device) => ({ ...device, revokedAt: 2 })
      )
      const revoked: Membership = { ...mesh.membership, devices }
      assert.strictEqual(codeOf(checkDevice(one, frame, revoked)), "revoked_device")
    }))
})
