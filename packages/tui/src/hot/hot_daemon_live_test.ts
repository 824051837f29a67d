import { assert, describe, it } from "@effect/vitest"
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { createServer, type Server, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { hotDaemon } from "./hot_daemon.ts"

async function serving(
  answer: (response: ServerResponse) => void,
  test: (place: { readonly directory: string; readonly socket: string }) => Promise<void>
) {
  const directory = mkdtempSync(join(tmpdir(), "cm-"))
  const socket = join(directory, "daemon.sock")
  const server = createServer((_, response) => answer(response))
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  try {
    await test({ directory, socket })
  } finally {
    await closed(server)
    rmSync(directory, { recursive: true })
  }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

/** What came of a question: its answer, or nothing. */
function asked(socket: string) {
  return hotDaemon({ directory: "", socket }).get("/v1/status").then(
    (json) => json,
    () => undefined
  )
}

function answerJson(response: ServerResponse) {
  response.end("{\"pid\":7}")
}

describe("a hot daemon", () => {
  it("has answered, on a socket of ours", () =>
    serving(answerJson, async ({ socket }) => {
      assert.deepStrictEqual(await answeredAtLast(socket), { pid: 7 })
    }))

  it("has not, where others may write to the directory, or the socket is a link", () =>
    serving(answerJson, async ({ directory, socket }) => {
      const link = join(directory, "link.sock")
      symlinkSync(socket, link)
      assert.isUndefined(await asked(link))

      chmodSync(directory, 0o777)
      assert.isUndefined(await asked(socket))
    }))

  it("has not, where it refuses, breaks off, says no JSON, or says nothing at all", async () => {
    await serving((response) => response.writeHead(403).end("{}"), async ({ socket }) => {
      assert.isUndefined(await asked(socket))
    })
    await serving((response) => response.destroy(), async ({ socket }) => {
      assert.isUndefined(await asked(socket))
    })
    await serving((response) => response.end("hello"), async ({ socket }) => {
      assert.isUndefined(await asked(socket))
    })
    await serving(() => {}, async ({ socket }) => {
      assert.isUndefined(await asked(socket))
    })
  })

  it("has not, where nobody listens", async () => {
    assert.isUndefined(await asked(join(tmpdir(), "nobody.sock")))
  })
})

/** Asks until there is an answer: on a busy machine one may come too late. */
async function answeredAtLast(socket: string): Promise<unknown> {
  return await asked(socket) ?? await answeredAtLast(socket)
}
