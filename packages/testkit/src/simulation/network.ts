/**
 * A simulated network: daemons connect to brokers by origin, and what crosses it can be delayed, lost, doubled or cut.
 *
 * Within a connection frames keep their order, as over TCP; frames of an old
 * connection may arrive after those of a new one.
 *
 * @module
 */
import { Effect } from "effect"
import type { Chance } from "./chance.ts"
import {
  CALM,
  type End,
  type EndHandlers,
  type NetworkFaults,
  SimulatedConnection
} from "./connection.ts"
import type { Timeline } from "./timeline.ts"

/** Takes connections at an origin. */
export interface Listener extends End {
  /** Answers with what the frames of a new connection go to. */
  readonly accept: (link: BrokerLink) => Effect.Effect<EndHandlers>
}

/** The broker's end of a connection, as `Link` of the broker's gateway wants it. */
export interface BrokerLink {
  readonly send: (text: string) => void
  readonly close: (code: number, reason: string) => void
  readonly terminate: () => void
  readonly bufferedBytes: () => number
  readonly pause: () => void
  readonly resume: () => void
  readonly ping: () => void
}

/** The daemon's end of a connection. */
export interface ClientLink {
  readonly send: (texts: ReadonlyArray<string>) => void
  /** What came since the last call; waits for something, and fails with the reason once it has ended. */
  readonly receive: Effect.Effect<ReadonlyArray<string>, string>
  readonly close: () => void
}

/** What a network needs. */
export interface NetworkOptions {
  readonly timeline: Timeline
  readonly chance: Chance
  /** Called for each frame that arrives. */
  readonly onFrame: (from: string, to: string, text: string) => void
}

/** A frame that arrived. */
export interface Recorded {
  readonly from: string
  readonly to: string
  readonly text: string
}

/** Frames that are kept for replay. */
const RECORDED_MAX = 400

/** How long a client waits for a connection that nobody answers. */
const CONNECT_TIMEOUT_MILLIS = 10_000

/** The network of one world. */
export class Network {
  readonly faults: NetworkFaults = { ...CALM }
  readonly connections = new Set<SimulatedConnection>()
  /** Frames that reached a broker, for whoever wants to send them again. */
  readonly recorded: Array<Recorded> = []
  /** The same of entries that reached a machine. */
  readonly pushed: Array<Recorded> = []
  /** The most that a broker ever had waiting for one reader. */
  bufferedBytesMax = 0
  readonly #options: NetworkOptions
  readonly #listeners = new Map<string, () => Listener | undefined>()
  readonly #blocked = new Map<string, number>()

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  /** Says who takes connections at an origin, whenever one comes; nobody does where that is nothing. */
  listen(origin: string, listener: () => Listener | undefined): void {
    this.#listeners.set(origin, listener)
  }

  /** Lets nothing through in one direction until that is undone. */
  block(from: string, to: string): () => void {
    const way = `${from}>${to}`
    this.#blocked.set(way, (this.#blocked.get(way) ?? 0) + 1)
    return () => {
      this.#blocked.set(way, (this.#blocked.get(way) ?? 0) - 1)
      for (const connection of this.connections) connection.pump()
    }
  }

  /** Takes down every connection of a machine that has died. */
  died(machine: string, isSilent: boolean): void {
    for (const connection of this.connections) {
      if (connection.client.machine === machine) connection.died("client", isSilent)
      if (connection.broker.machine === machine) connection.died("broker", isSilent)
    }
  }

  /** Connects a client to whoever listens there; fails with what a system would say. */
  connect(client: End, origin: string): Effect.Effect<ClientLink, string> {
    return Effect.callback((resume) => {
      const { chance, timeline } = this.#options
      function answer(millis: number, run: () => Effect.Effect<ClientLink, string>) {
        return timeline.after(millis, () => client.process.call(() => resume(run())))
      }
      const listener = this.#listeners.get(origin)?.()
      const isDeaf = listener?.process.state === "frozen" ||
        (listener !== undefined && this.isCutOff(client.machine, listener.machine))
      const cancel = isDeaf
        ? answer(CONNECT_TIMEOUT_MILLIS, () => Effect.fail("it does not answer"))
        : answer(1 + chance.next() * this.faults.delayMillisMax, () => this.#open(client, origin))
      return Effect.sync(cancel)
    })
  }

  /** Whether something between two machines is in the way of a request or of its answer. */
  isCutOff(one: string, other: string): boolean {
    return this.#isBlocked(one, other) || this.#isBlocked(other, one)
  }

  #isBlocked(from: string, to: string): boolean {
    return (this.#blocked.get(`${from}>${to}`) ?? 0) > 0
  }

  #open(client: End, origin: string): Effect.Effect<ClientLink, string> {
    const listener = this.#listeners.get(origin)?.()
    if (listener === undefined || listener.process.state === "dead") {
      return Effect.fail("nothing listens there")
    }
    const connection = new SimulatedConnection({
      client,
      broker: listener,
      chance: this.#options.chance,
      faults: this.faults,
      timeline: this.#options.timeline,
      isBlocked: (from, to) => this.#isBlocked(from, to),
      onFrame: (from, to, text) => this.#seen(listener, { from, to, text }),
      onClosed: (closed) => this.connections.delete(closed)
    })
    this.connections.add(connection)
    const link = this.#counted(brokerLinkOf(connection))
    listener.process.run(listener.accept(link), (exit) => {
      if (exit._tag === "Success") connection.listen("broker", exit.value)
    })
    return Effect.succeed(clientLinkOf(connection))
  }

  /** Puts a recorded frame into a connection, as if its client had sent it. */
  replay(connection: SimulatedConnection): void {
    if (this.recorded.length > 0) {
      connection.send("client", this.#options.chance.pick(this.recorded).text)
    }
  }

  #seen({ process }: Listener, frame: Recorded): void {
    const { from, text, to } = frame
    const kept = to === process.name ? this.recorded : this.pushed
    const isKept = to === process.name || text.includes("\"type\":\"push\"")
    if (isKept && kept.length < RECORDED_MAX) kept.push(frame)
    this.#options.onFrame(from, to, text)
  }

  #counted(link: BrokerLink): BrokerLink {
    return {
      ...link,
      send: (text) => {
        link.send(text)
        this.bufferedBytesMax = Math.max(this.bufferedBytesMax, link.bufferedBytes())
      }
    }
  }
}

/** The close code of a connection that was dropped. */
const ABNORMAL = 1006

function brokerLinkOf(connection: SimulatedConnection): BrokerLink {
  return {
    send: (text) => connection.send("broker", text),
    close: (code, reason) => connection.close("broker", code, reason),
    terminate: () => connection.close("broker", ABNORMAL, "the broker dropped it"),
    bufferedBytes: () => connection.bufferedBytes("broker"),
    pause: () => connection.pause("broker", true),
    resume: () => connection.pause("broker", false),
    ping: () => connection.ping("broker")
  }
}

function clientLinkOf(connection: SimulatedConnection): ClientLink {
  let texts: Array<string> = []
  let ended: string | undefined
  let wake: (() => void) | undefined
  function notify() {
    const waiting = wake
    wake = undefined
    waiting?.()
  }
  connection.listen("client", {
    text: (text) => {
      texts.push(text)
      notify()
    },
    closed: (code, reason) => {
      ended = `${code} ${reason}`
      notify()
    },
    heard: () => undefined
  })
  const take = Effect.suspend((): Effect.Effect<ReadonlyArray<string>, string> => {
    if (texts.length === 0) return Effect.fail(ended ?? "it was closed")
    const taken = texts
    texts = []
    return Effect.succeed(taken)
  })
  const something = Effect.callback<void>((resume) => {
    if (texts.length > 0 || ended !== undefined) resume(Effect.void)
    else wake = () => resume(Effect.void)
  })
  return {
    send: (frames) => {
      for (const frame of frames) connection.send("client", frame)
    },
    receive: Effect.andThen(something, take),
    close: () => connection.close("client", 1000, "")
  }
}
