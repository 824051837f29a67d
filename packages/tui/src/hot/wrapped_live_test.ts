import { assert, describe, it } from "@effect/vitest"
import { runWrapped } from "./wrapped.ts"

const input = new TextEncoder().encode("{\"cwd\":\"/x\"}")

describe("a wrapped status line", () => {
  it("gets what ours got, and what it prints is kept as it is", async () => {
    assert.strictEqual(
      await runWrapped("cat; echo; printf '\\033[31mred\\n'", input),
      "{\"cwd\":\"/x\"}\n\u001B[31mred"
    )
  })

  it("may fail, say nothing, and leave its input unread", async () => {
    assert.strictEqual(await runWrapped("exit 3", new Uint8Array(200_000)), "")
    assert.strictEqual(await runWrapped("echo no >&2", input), "")
    assert.strictEqual(await runWrapped("", input), "")
  })

  it("is ended with all that it started when its second is over, and what it has said counts", async () => {
    const said = await runWrapped("sleep 600 & echo $!; sleep 600", input)

    const pid = Number(said)
    assert.isAbove(pid, 0)
    await gone(pid)
  })

  it("is cut where it has no end", async () => {
    assert.lengthOf(await runWrapped("yes", input), 16_383)
  })
})

/** Waits until a process that was killed is gone. */
async function gone(pid: number): Promise<void> {
  if (!isThere(pid)) return
  await new Promise((resolve) => setImmediate(resolve))
  return await gone(pid)
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
