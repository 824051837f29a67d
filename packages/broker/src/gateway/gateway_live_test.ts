import { closeCodes, type Statement } from "@claudemesh/protocol"
import { type MadeMesh, makeMesh, memberOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { BrokerAddress, layerBroker } from "../broker_server.ts"
import { attachTo, say, sendFrame } from "./testing/test_device.ts"
import { connectWebSocket } from "./testing/web_socket_wire.ts"

const temporaryDirectory = () => mkdtempSync(join(tmpdir(), "claudemesh-broker-"))

const brokerOn = (dataDirectory: string) =>
  layerBroker({ dataDirectory, listen: { host: "127.0.0.1", port: 0 } })

const found = Effect.fnUntraced(function*(statements: ReadonlyArray<Statement>) {
  const { origin } = yield* BrokerAddress
  const response = yield* Effect.promise(() =>
    fetch(`${origin}/v1/meshes`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ statements })
    })
  )
  assert.strictEqual(response.status, 200, yield* Effect.promise(() => response.text()))
})

const identityOf = (mesh: MadeMesh, name: string) => ({
  mesh: mesh.membership.mesh,
  ...memberOf(mesh, name)
})

const connect = Effect.fnUntraced(function*() {
  const { origin } = yield* BrokerAddress
  return yield* connectWebSocket(origin)
})

describe("broker over sockets", () => {
  it.live("carries a message from one device to another", () =>
    Effect.gen(function*() {
      const mesh = makeMesh("live", ["ada", "bob"])
      yield* found(mesh.statements)
      const ada = yield* connect()
      const bob = yield* connect()
      yield* attachTo(ada, identityOf(mesh, "ada"))
      const attached = yield* attachTo(bob, identityOf(mesh, "bob"))
      const envelope = sealBetween(mesh, { from: "ada", to: ["bob"], text: "hello" })

      yield* say(ada, sendFrame(envelope))

      const push = yield* bob.inbox.next("push")
      assert.deepStrictEqual(push.envelope, envelope)
      assert.strictEqual(push.epoch, attached.epoch)
      assert.strictEqual((yield* ada.inbox.next("admitted")).id, envelope.header.id)
    }).pipe(Effect.scoped, Effect.provide(brokerOn(temporaryDirectory()))))
})
