import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { judgeSandbox, sandbox } from "./sandbox_check.ts"
import { machine } from "./testing/fake_machine.ts"

const SOCKET = "/srv/ada/.claudemesh/run/daemon.sock"

function statusOf(set: unknown, platform = "linux") {
  const judge = judgeSandbox({ socket: SOCKET, platform })
  return judge({ sandbox: set }, (why) => ({ cmd: "edit", why })).status
}

describe("sandbox", () => {
  it.effect("is skipped where the client has no settings", () =>
    Effect.gen(function*() {
      const [finding] = yield* Effect.provide(sandbox, machine())
      assert.strictEqual(finding?.status, "skipped")
    }))
})

describe("judgeSandbox", () => {
  it("is well without a sandbox, whatever stands there instead", () => {
    for (const set of [undefined, {}, { enabled: false }, "yes", []]) {
      assert.strictEqual(statusOf(set), "ok")
    }
  })

  it("warns where it keeps commands from the daemon's socket", () => {
    assert.strictEqual(statusOf({ enabled: true }), "warning")
    assert.strictEqual(statusOf({ enabled: true, excludedCommands: ["git:*"] }), "warning")
    assert.strictEqual(
      statusOf({ enabled: true, network: { allowUnixSockets: ["/other.sock"] } }, "darwin"),
      "warning"
    )
  })

  it("is well where claudemesh is let out of it, or sockets are let through", () => {
    for (const pattern of ["claudemesh", "claudemesh:*", "claudemesh *"]) {
      assert.strictEqual(statusOf({ enabled: true, excludedCommands: [pattern] }), "ok")
    }
    assert.strictEqual(statusOf({ enabled: true, network: { allowAllUnixSockets: true } }), "ok")
  })

  it("takes a socket's own path for enough only where the client does", () => {
    const set = { enabled: true, network: { allowUnixSockets: [SOCKET] } }
    assert.deepStrictEqual([statusOf(set, "darwin"), statusOf(set, "linux")], ["ok", "warning"])
  })
})
