import { assert, describe, it } from "@effect/vitest"
import { CALM, type NetworkFaults, SimulatedConnection } from "./connection.ts"
import { makeSurroundings } from "./testing/surroundings.ts"

function makeConnection(faults: Partial<NetworkFaults> = {}) {
  const { chance, makeProcess, pass, timeline } = makeSurroundings()
  const ends = { client: makeProcess("client"), broker: makeProcess("broker") }
  const [closed, frames] = [new Array<string>(), new Array<string>()]
  const connection = new SimulatedConnection({
    client: { process: ends.client, machine: "m" },
    broker: { process: ends.broker, machine: "b" },
    chance,
    faults: { ...CALM, ...faults },
    timeline,
    isBlocked: () => false,
    onFrame: (from, to, text) => frames.push(`${from} > ${to}: ${text}`),
    onClosed: () => closed.push("over")
  })
  const told: Array<string> = []
  for (const side of ["client", "broker"] as const) {
    connection.listen(side, {
      text: (text) => told.push(`${side} reads ${text}`),
      closed: (code, reason) => told.push(`${side} is closed ${code} ${reason}`.trimEnd()),
      heard: () => told.push(`${side} hears`)
    })
  }
  return { connection, ends, told, closed, frames, pass }
}

describe("SimulatedConnection", () => {
  it("carries frames both ways, and tells of each", () => {
    const { connection, frames, pass, told } = makeConnection()
    connection.send("client", "hello")
    connection.send("broker", "welcome")
    pass(100)
    assert.sameMembers(told, ["broker reads hello", "client reads welcome"])
    assert.sameMembers(frames, ["client > broker: hello", "broker > client: welcome"])
  })

  it("closes in order: what was sent before still arrives", () => {
    const { closed, connection, pass, told } = makeConnection()
    connection.send("client", "last words")
    connection.close("client", 1000, "bye")
    connection.send("client", "too late")
    pass(100)
    assert.deepStrictEqual(told, ["broker reads last words", "broker is closed 1000 bye"])
    assert.deepStrictEqual(closed, ["over"])
  })

  it("answers the pings of a transport by itself", () => {
    const { connection, pass, told } = makeConnection()
    connection.ping("broker")
    pass(100)
    assert.deepStrictEqual(told, ["broker hears"])
  })

  it("doubles frames where the network does", () => {
    const { connection, pass, told } = makeConnection({ duplicateChance: 1 })
    connection.send("client", "twice")
    pass(100)
    assert.deepStrictEqual(told, ["broker reads twice", "broker reads twice"])
  })

  it("ends with the frame that was cut short", () => {
    const { connection, pass, told } = makeConnection({ truncateChance: 1 })
    connection.send("client", "a long sentence")
    pass(100)
    const [part = "", ...ends] = told
    assert.match(part, /^broker reads (?!a long sentence)/)
    assert.lengthOf(ends.filter((end) => end.includes("1006")), 1)
  })

  it("loses what is under way when it is cut, and both ends notice", () => {
    const { connection, pass, told } = makeConnection()
    connection.cut()
    connection.send("client", "lost")
    pass(100)
    assert.isTrue(told.some((line) => line.includes("is closed 1006")))
    assert.notInclude(told, "broker reads lost")
  })

  it("leaves one end in the dark where it is half open", () => {
    const { connection, pass, told } = makeConnection()
    connection.cutFrom("client")
    pass(100)
    assert.deepStrictEqual(told, ["broker is closed 1006 the connection was cut"])
  })

  it("keeps what is under way while it is stalled", () => {
    const { connection, pass, told } = makeConnection()
    connection.stall(true)
    connection.send("client", "late")
    pass(1_000)
    assert.deepStrictEqual(told, [])
    connection.stall(false)
    pass(100)
    assert.deepStrictEqual(told, ["broker reads late"])
  })

  it("is closed for the other end when a process dies, unless its whole machine does", () => {
    for (const [isSilent, expected] of [[false, 1], [true, 0]] as const) {
      const { connection, ends, pass, told } = makeConnection()
      ends.client.kill()
      connection.died("client", isSilent)
      pass(100)
      assert.lengthOf(told.filter((line) => line.startsWith("broker is closed")), expected)
    }
  })

  it("tells whoever still sends to the dead that nobody is there", () => {
    const { connection, ends, pass, told } = makeConnection()
    ends.client.kill()
    connection.send("broker", "are you there?")
    pass(100)
    assert.deepStrictEqual(told, ["broker is closed 1006 nobody is there"])
  })

  it("waits with a frozen process, and with one that does not read", () => {
    const { connection, ends, pass, told } = makeConnection()
    ends.broker.freeze()
    connection.pause("client", true)
    connection.send("client", "a")
    connection.send("broker", "b")
    pass(1_000)
    assert.deepStrictEqual(told, [])
    ends.broker.thaw()
    connection.pause("client", false)
    pass(100)
    assert.sameMembers(told, ["broker reads a", "client reads b"])
  })

  it("is over only when both ends have closed", () => {
    const { closed, connection, ends } = makeConnection()
    ends.broker.freeze()
    connection.close("client", 1000, "")
    assert.deepStrictEqual(closed, [])
  })
})
