import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { BrokerLink, ClientLink } from "./network.ts"
import { makeSurroundings } from "./testing/surroundings.ts"

const ORIGIN = "http://broker.test"

function makeNetwork() {
  const surroundings = makeSurroundings()
  const { makeProcess, network } = surroundings
  const [broker, client] = [makeProcess("broker"), makeProcess("client")]
  const received: Array<string> = []
  const links: Array<BrokerLink> = []
  network.listen(ORIGIN, () => ({
    process: broker,
    machine: "b",
    accept: (link) =>
      Effect.sync(() => {
        links.push(link)
        return {
          text: (text) => received.push(text),
          closed: (code) => received.push(`closed ${code}`),
          heard: () => undefined
        }
      })
  }))
  /** Connects, and answers with the link or with what went wrong. */
  function connect(millis = 100): ClientLink | string | undefined {
    let result: ClientLink | string | undefined
    client.run(
      Effect.match(network.connect({ process: client, machine: "m" }, ORIGIN), {
        onSuccess: (link) => void (result = link),
        onFailure: (reason) => void (result = reason)
      })
    )
    surroundings.pass(millis)
    return result
  }
  function connected(): ClientLink {
    const link = connect()
    if (link === undefined || typeof link === "string") throw new Error(`Not connected: ${link}`)
    return link
  }
  return { ...surroundings, broker, client, received, links, connect, connected }
}

describe("Network", () => {
  it("connects to whoever listens, and carries what both say", () => {
    const { client, connected, links, pass, received } = makeNetwork()
    const link = connected()
    const read: Array<string> = []
    client.run(Effect.map(link.receive, (texts) => read.push(...texts)))
    link.send(["hello"])
    links[0]?.send("welcome")
    pass(100)
    assert.deepStrictEqual(received, ["hello"])
    assert.deepStrictEqual(read, ["welcome"])
  })

  it("refuses at once where nothing runs", () => {
    const { broker, connect } = makeNetwork()
    broker.kill()
    assert.strictEqual(connect(), "nothing listens there")
  })

  it("fails after a while where something runs that does not answer", () => {
    const { broker, connect, network } = makeNetwork()
    broker.freeze()
    assert.isUndefined(connect(9_000))
    assert.strictEqual(connect(11_000), "it does not answer")
    broker.thaw()
    network.block("b", "m")
    assert.strictEqual(connect(11_000), "it does not answer")
  })

  it("lets nothing through one way, and all of it once that is undone", () => {
    const { connected, network, pass, received } = makeNetwork()
    const link = connected()
    const [once, twice] = [network.block("m", "b"), network.block("m", "b")]
    assert.isTrue(network.isCutOff("b", "m"))
    link.send(["late"])
    pass(5_000)
    once()
    pass(100)
    assert.deepStrictEqual(received, [])
    twice()
    pass(100)
    assert.deepStrictEqual(received, ["late"])
  })

  it("tells a client why its connection ended", () => {
    const { client, connected, links, pass } = makeNetwork()
    const link = connected()
    const reasons: Array<string> = []
    client.run(Effect.match(link.receive, {
      onSuccess: () => assert.fail("nothing was sent"),
      onFailure: (reason) => reasons.push(reason)
    }))
    links[0]?.close(1013, "too slow")
    pass(100)
    assert.deepStrictEqual(reasons, ["1013 too slow"])
  })

  it("takes down the connections of a machine that has died", () => {
    const { client, connected, network, pass, received } = makeNetwork()
    connected()
    client.kill()
    network.died("m", false)
    pass(100)
    assert.deepStrictEqual(received, ["closed 1006"])
    assert.strictEqual(network.connections.size, 0)
  })

  it("records what reached a broker, and puts it into a connection again", () => {
    const { connected, network, pass, received } = makeNetwork()
    connected().send(["once"])
    pass(100)
    assert.deepStrictEqual(network.recorded.map(({ text }) => text), ["once"])
    for (const open of network.connections) network.replay(open)
    pass(100)
    assert.deepStrictEqual(received, ["once", "once"])
  })

  it("records entries that reached a client, and knows the most that ever waited for one", () => {
    const { connected, links, network, pass } = makeNetwork()
    connected()
    links[0]?.send(`{"type":"push","text":"${"x".repeat(100_000)}"}`)
    pass(100)
    assert.lengthOf(network.pushed, 1)
    assert.isAbove(network.bufferedBytesMax, 30_000)
  })
})
