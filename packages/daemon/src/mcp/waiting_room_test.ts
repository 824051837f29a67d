import { assert, describe, it } from "@effect/vitest"
import { type Waiter, type WaiterKind, WaitingRoom } from "./waiting_room.ts"

/** A room, and what became of those who came. */
function makeRoom(isWanted = true) {
  let arrivals = 0
  const room = new WaitingRoom({ isWanted: () => isWanted, onArrival: () => arrivals += 1 })
  function come(kind: WaiterKind) {
    const given: Array<string> = []
    let isDismissed = false
    const waiter: Waiter = {
      give: (text) => given.push(text),
      dismiss: () => isDismissed = true
    }
    const leave = room.admit(kind, waiter)
    return { given, leave, isDismissed: () => isDismissed }
  }
  return { arrivals: () => arrivals, come, room }
}

describe("WaitingRoom", () => {
  it("hands a hook one text, with which it ends", () => {
    const { come, room } = makeRoom()
    const hook = come("rewake")

    assert.deepStrictEqual([room.give("rewake", "one"), room.give("rewake", "two")], [true, false])
    assert.deepStrictEqual([hook.given, hook.isDismissed()], [["one"], true])
  })

  it("hands a monitor whatever comes", () => {
    const { come, room } = makeRoom()
    const monitor = come("monitor")

    assert.deepStrictEqual([room.give("monitor", "one"), room.give("monitor", "two")], [true, true])
    assert.deepStrictEqual([monitor.given, monitor.isDismissed()], [["one", "two"], false])
  })

  it("lets one of each kind wait and sends others away", () => {
    const { arrivals, come, room } = makeRoom()
    const [first, second, monitor] = [come("rewake"), come("rewake"), come("monitor")]

    assert.deepStrictEqual([first, second, monitor].map((one) => one.isDismissed()), [
      false,
      true,
      false
    ])
    assert.strictEqual(arrivals(), 2)
    second.leave()
    assert.isTrue(room.has("rewake"))
  })

  it("sends away who is not wanted", () => {
    const { arrivals, come, room } = makeRoom(false)

    assert.isTrue(come("rewake").isDismissed())
    assert.isFalse(room.has("rewake"))
    assert.strictEqual(arrivals(), 0)
  })

  it("has a place for the next once one has left", () => {
    const { come, room } = makeRoom()
    come("rewake").leave()

    assert.isFalse(room.give("rewake", "to nobody"))
    assert.isFalse(come("rewake").isDismissed())
  })
})
