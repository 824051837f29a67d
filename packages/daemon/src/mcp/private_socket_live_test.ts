import { assert, describe, it } from "@effect/vitest"
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"
import { listenPrivately } from "./private_socket.ts"

/** A place for a socket, and what listens there as a process of its own would. */
function makePlace() {
  const directory = mkdtempSync(join(tmpdir(), "cm-"))
  const path = join(directory, "pipe.sock")
  onTestFinished(() => rmSync(directory, { recursive: true }))
  function listen() {
    const server = createServer()
    onTestFinished(() => void server.close())
    return listenPrivately(path, () =>
      new Promise<void>((resolve, reject) => {
        server.once("error", reject)
        server.listen(path, resolve)
      }))
  }
  return { listen, path }
}

describe("listenPrivately", () => {
  it("listens for its user alone, in the place of one who has died", async () => {
    const { listen, path } = makePlace()
    await listen()
    const putAway = await listen()

    assert.strictEqual(statSync(path).mode & 0o777, 0o600)
    putAway()
    assert.isFalse(existsSync(path))
  })

  it("leaves the socket of who listens there since", async () => {
    const { listen, path } = makePlace()
    const putAway = await listen()
    await listen()
    putAway()

    assert.isTrue(existsSync(path))
  })

  it("does not mind that it is gone already", async () => {
    const { listen, path } = makePlace()
    const putAway = await listen()
    rmSync(path)

    assert.doesNotThrow(putAway)
  })
})
