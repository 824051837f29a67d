import { assert, describe, it } from "@effect/vitest"
import { mkdtempSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { receiveWaiters, waitAt } from "./waiter_socket.ts"
import { WaitingRoom } from "./waiting_room.ts"

/** A room at a socket; `come` resolves once somebody was let in. */
async function makePlace(isWanted = true) {
  const directory = mkdtempSync(join(tmpdir(), "cm-wait-"))
  const path = join(directory, "pipe.sock")
  const { promise: arrival, resolve: onArrival } = Promise.withResolvers<void>()
  const room = new WaitingRoom({ isWanted: () => isWanted, onArrival })
  const server = await receiveWaiters(path, room)
  return {
    arrival,
    path,
    room,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      rmSync(directory, { recursive: true })
      await closed
    }
  }
}

describe("the waiters' socket", () => {
  it("carries a text to a hook that waits, which ends with it", async () => {
    await using place = await makePlace()
    const texts: Array<string> = []
    const waiting = waitAt(place.path, "rewake", (text) => texts.push(text))
    await place.arrival
    place.room.give("rewake", "two\nlines \u2603")

    assert.isTrue(await waiting)
    assert.deepStrictEqual(texts, ["two\nlines \u2603"])
  })

  it("carries a long text whole", async () => {
    await using place = await makePlace()
    let length = 0
    const waiting = waitAt(place.path, "rewake", (text) => length = text.length)
    await place.arrival
    place.room.give("rewake", "x".repeat(500_000))
    await waiting

    assert.strictEqual(length, 500_000)
  })

  it("ends at once for one who is not wanted", async () => {
    await using place = await makePlace(false)

    assert.isTrue(await waitAt(place.path, "rewake", () => assert.fail()))
  })

  it("says that nobody was there to wait at", async () => {
    assert.isFalse(await waitAt("/nowhere/pipe.sock", "rewake", () => assert.fail()))
  })

  it("lets nobody in who says what it does not know, or too much", async () => {
    await using place = await makePlace()
    for (const hello of ["socket\n", "\n", "rewake\nrewake\n", "x".repeat(100), "{}\n"]) {
      const socket = connect(place.path)
      socket.on("error", () => {})
      socket.write(hello)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await new Promise((resolve) => socket.on("close", resolve))
    }

    assert.isFalse(place.room.has("rewake"))
  })
})
