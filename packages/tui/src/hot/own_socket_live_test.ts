import { assert, describe, it } from "@effect/vitest"
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"
import { socketAt } from "./own_socket.ts"

/** A directory with a socket in it. */
async function makeSocket() {
  const directory = mkdtempSync(join(tmpdir(), "cm-"))
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(join(directory, "s.sock"), resolve))
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve))
    rmSync(directory, { recursive: true })
  })
  return directory
}

describe("socketAt", () => {
  it("knows a socket of ours, and that there is none", async () => {
    const directory = await makeSocket()

    assert.strictEqual(socketAt(join(directory, "s.sock")), "ours")
    assert.strictEqual(socketAt(join(directory, "other.sock")), "none")
    assert.strictEqual(socketAt(join(directory, "gone", "s.sock")), "none")
  })

  it("does not trust a file, a link, or a directory that others may write to", async () => {
    const directory = await makeSocket()
    const [socket, file, link] = ["s.sock", "file", "link"].map((name) => join(directory, name))
    writeFileSync(file ?? "", "")
    symlinkSync(socket ?? "", link ?? "")

    assert.strictEqual(socketAt(file ?? ""), "foreign")
    assert.strictEqual(socketAt(link ?? ""), "foreign")
    chmodSync(directory, 0o777)
    assert.strictEqual(socketAt(socket ?? ""), "foreign")
  })
})
