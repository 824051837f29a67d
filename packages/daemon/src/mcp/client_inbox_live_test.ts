import { assert, describe, it } from "@effect/vitest"
import { mkdtempSync, rmSync } from "node:fs"
import { connect, createServer } from "node:net"
import { tmpdir } from "node:os"
import { onTestFinished } from "vitest"
import {
  type FromClient,
  fromClient,
  listenToClient,
  postToClient,
  reachClient
} from "./client_inbox.ts"

const POST = { id: "p1", text: "Hello \"you\"", from: "ada<@laptop2" }

describe("postToClient", () => {
  it("writes the token and then the post, as lines of JSON", async () => {
    const { heard, socketPath } = await makeClient()

    await postToClient({ socketPath, token: "T" }, POST, "/run/us.sock")
    const [auth, post] = (await heard).trim().split("\n").map((line): unknown => JSON.parse(line))

    assert.deepStrictEqual(auth, { type: "auth", token: "T" })
    assert.deepStrictEqual(post, {
      type: "user",
      msgV: 1,
      msg_id: "p1",
      priority: "next",
      from: "uds:/run/us.sock",
      message: {
        role: "user",
        content: "<cross-session-message from=\"uds:/run/us.sock\" from-name=\"ada_@laptop2\" " +
          "from-mode=\"prompting\">\nHello \"you\"\n</cross-session-message>"
      }
    })
  })

  it("rejects where nobody listens", async () => {
    const failure = await postToClient({ socketPath: freshPath(), token: "T" }, POST, "/x.sock")
      .then(() => undefined, String)

    assert.match(failure ?? "", /ENOENT/)
  })
})

describe("reachClient", () => {
  it("finds out whether somebody listens, and says nothing there", async () => {
    const { heard, socketPath } = await makeClient()

    await reachClient({ socketPath, token: "T" })
    assert.strictEqual(await heard, "")

    const failure = await reachClient({ socketPath: freshPath(), token: "T" })
      .then(() => undefined, String)
    assert.match(failure ?? "", /ENOENT/)
  })
})

describe("listenToClient", () => {
  it("hears notices and answers, wherever they are cut, and passes over the rest", async () => {
    const path = freshPath()
    const heard: Array<FromClient> = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const server = await listenToClient(path, (message) => {
      heard.push(message)
      if (heard.length === 2) resolve()
    })

    const socket = connect(path)
    socket.write("nonsense\n{\"type\":\"control\",\"action\":\"peer_message_status\",")
    await new Promise((done) => setImmediate(done))
    socket.end(
      "\"status\":\"held\",\"orig_msg_id\":\"p1\"}\n{\"type\":\"user\",\"message\":{\"content\":\"hi\"}}"
    )
    await promise
    server.close()

    assert.deepStrictEqual(heard, [
      { type: "notice", status: "held", posts: ["p1"] },
      { type: "reply", text: "hi" }
    ])
  })
})

describe("fromClient", () => {
  it.for(
    [
      [{ status: "held" }, "held"],
      [{ status: "denied" }, "refused"],
      [{ status: "refused" }, "refused"],
      [{ status: "delivered", status_detail: "refused" }, "refused"],
      [{ status: "expired" }, "gone"],
      [{ status: "dropped", drop_reason: "rate-limited" }, "gone"],
      [{ status: "dropped", drop_reason: "duplicate" }, "duplicate"],
      [{ status: "delivered" }, undefined]
    ] as const
  )("takes %j for %s", ([notice, fate]) => {
    const line = { type: "control", action: "peer_message_status", orig_msg_id: "p1", ...notice }

    assert.strictEqual(statusOf(fromClient(JSON.stringify(line))), fate)
  })

  it("takes one notice for a burst", () => {
    const message = fromClient(JSON.stringify({
      type: "control",
      action: "peer_message_status",
      status: "dropped",
      orig_msg_id: "p1",
      dropped_msg_ids: ["p2", 3]
    }))

    assert.deepStrictEqual(message, { type: "notice", status: "gone", posts: ["p1", "p2"] })
  })

  it("takes an answer out of the client's envelope", () => {
    const content =
      "<cross-session-message from=\"uds:/x\" from-name=\"p\">\na\nb\n</cross-session-message>"

    assert.deepStrictEqual(fromClient(JSON.stringify({ type: "user", message: { content } })), {
      type: "reply",
      text: "a\nb"
    })
  })
})

function statusOf(message: FromClient | undefined): string | undefined {
  return message?.type === "notice" ? message.status : undefined
}

/** Something that listens as a client does; `heard` is what one connection said. */
async function makeClient() {
  const socketPath = freshPath()
  const { promise: heard, resolve } = Promise.withResolvers<string>()
  const server = createServer((socket) => {
    let text = ""
    socket.on("data", (chunk) => text += String(chunk))
    socket.on("end", () => resolve(text))
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((done) => server.listen(socketPath, done))
  return { heard, socketPath }
}

/** A place for a socket that is gone with its test. */
function freshPath(): string {
  const directory = mkdtempSync(`${tmpdir()}/claudemesh-inbox-`)
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return `${directory}/s.sock`
}
