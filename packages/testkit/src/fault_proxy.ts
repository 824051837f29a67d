/**
 * A bad link in front of a real broker: a TCP proxy that delays, throttles, blocks, cuts and corrupts what crosses it.
 *
 * It knows nothing of what it carries, so HTTP and WebSocket are the same to
 * it. What it draws, it draws from its seed; what it is told holds at once, for
 * connections that are open as well as for those to come. With its scope it
 * ends, and so does all that went through it.
 *
 * @module
 */
import { Effect, FiberSet, Latch, Ref, Scope } from "effect"
import { connect, createServer, type Server, type Socket } from "node:net"
import { type LinkFaults, SOUND_LINK } from "./link_faults.ts"
import { carry } from "./pipe.ts"
import { type Chance, makeChance } from "./simulation/chance.ts"

/** A direction of the link. */
export type Way = "to_broker" | "from_broker"

/** How connections are cut: with a goodbye, with an error, or so that neither side hears of it (half-open). */
export type Cut = "fin" | "reset" | "silent"

/** Where something listens. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** Where it listens, and what it stands in front of. */
export interface FaultProxyOptions {
  readonly listen: Endpoint
  readonly target: Endpoint
  readonly seed: string
}

/** The proxy. */
export interface FaultProxy extends Endpoint {
  /** What happens to bytes from now on; what is not named stays as it is. */
  readonly set: (faults: Partial<LinkFaults>) => Effect.Effect<void>
  /** Lets nothing through that way; whoever sends has to wait, and hears of nothing. */
  readonly blackhole: (way: Way | "both") => Effect.Effect<void>
  /** Cuts every connection that is open; new ones may be made. */
  readonly cut: (how: Cut) => Effect.Effect<void>
  /** Takes no new connections. */
  readonly refuse: Effect.Effect<void>
  /** From now on nothing goes wrong. What was cut stays cut. */
  readonly heal: Effect.Effect<void>
  /** How many connections there are, those included of which only one side knows. */
  readonly connections: () => number
}

/** Opens a proxy on a sound link. That it cannot listen there is a defect. */
export const makeFaultProxy = Effect.fn("makeFaultProxy")(function*(
  { listen, seed, target }: FaultProxyOptions
): Effect.fn.Return<FaultProxy, never, Scope.Scope> {
  const link = yield* makeLink(target, seed)
  const open = new Set<Connection>()
  const run = yield* FiberSet.makeRuntime()
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    client.on("error", ignore)
    if (link.isRefusing) client.resetAndDestroy()
    else run(Effect.scoped(serve(client, { link, open })))
  })
  const port = yield* listening(server, listen)

  function gatesOf(way: Way | "both") {
    return way === "both" ? Object.values(link.gates) : [link.gates[way]]
  }
  return {
    host: listen.host,
    port,
    set: (faults) =>
      Effect.sync(() => {
        link.faults = { ...link.faults, ...faults }
      }),
    blackhole: (way) => Effect.forEach(gatesOf(way), (gate) => gate.close, { discard: true }),
    cut: (how) => Effect.forEach([...open], (connection) => connection.cut(how), { discard: true }),
    refuse: Effect.sync(() => {
      link.isRefusing = true
    }),
    heal: Effect.suspend(() => {
      Object.assign(link, { faults: SOUND_LINK, isRefusing: false })
      return Effect.forEach(gatesOf("both"), (gate) => gate.open, { discard: true })
    }),
    connections: () => open.size
  }
})

/** How the link is, for all connections. */
interface Link {
  readonly target: Endpoint
  readonly gates: Readonly<Record<Way, Latch.Latch>>
  readonly chance: Chance
  faults: LinkFaults
  isRefusing: boolean
  /** Connections so far: each draws for itself. */
  count: number
}

interface Connection {
  readonly cut: (how: Cut) => Effect.Effect<void>
}

const makeLink = Effect.fnUntraced(function*(target: Endpoint, seed: string) {
  const gates = { to_broker: yield* Latch.make(true), from_broker: yield* Latch.make(true) }
  const link: Link = {
    target,
    gates,
    chance: makeChance(seed),
    faults: SOUND_LINK,
    isRefusing: false,
    count: 0
  }
  return link
})

/** Carries one connection from its beginning to its end. */
const serve = Effect.fnUntraced(
  function*(
    client: Socket,
    { link, open }: { readonly link: Link; readonly open: Set<Connection> }
  ) {
    yield* Effect.addFinalizer(() => Effect.sync(() => client.destroy()))
    const chance = link.chance.fork(`connection ${link.count++}`)
    const cutHow = yield* Ref.make<Cut>("reset")
    const severed = yield* Latch.make()
    const connection: Connection = {
      cut: (how) => Effect.andThen(Ref.set(cutHow, how), severed.open)
    }
    yield* Effect.acquireRelease(
      Effect.sync(() => open.add(connection)),
      () => Effect.sync(() => open.delete(connection))
    )
    // While its packets get lost, a connection does not even come about.
    yield* Effect.raceFirst(link.gates.to_broker.await, severed.await)
    const broker = yield* dial(link.target)
    if (broker === undefined) {
      client.resetAndDestroy()
      return
    }
    const ways = {
      to_broker: { from: client, to: broker },
      from_broker: { from: broker, to: client }
    }
    function carryOne(way: Way) {
      return Effect.gen(function*() {
        const ending = yield* carry({
          ...ways[way],
          faults: () => link.faults,
          gate: link.gates[way],
          chance: chance.fork(way)
        })
        if (ending === "broken") yield* severed.open
        else ways[way].to.end()
      })
    }
    yield* Effect.raceFirst(
      Effect.all([carryOne("to_broker"), carryOne("from_broker")], { concurrency: 2 }),
      severed.await
    )
    if (client.writableEnded && broker.writableEnded) return
    yield* endings[yield* Ref.get(cutHow)]([client, broker])
  }
)

/** How long a goodbye may take to be answered. */
const GOODBYE_TIMEOUT = "1 second"

/** What each cut does to both sides; then they are closed. */
const endings: Readonly<Record<Cut, (sockets: ReadonlyArray<Socket>) => Effect.Effect<void>>> = {
  reset: (sockets) => Effect.sync(() => sockets.forEach((socket) => socket.resetAndDestroy())),
  fin: (sockets) =>
    Effect.andThen(
      Effect.sync(() => sockets.forEach((socket) => socket.end())),
      Effect.timeoutOption(untilLeft(sockets), GOODBYE_TIMEOUT)
    ),
  silent: untilLeft
}

/** Swallows what comes, until each side has given up by itself. */
function untilLeft(sockets: ReadonlyArray<Socket>): Effect.Effect<void> {
  return Effect.forEach(sockets, (socket) =>
    Effect.callback<void>((resume) => {
      if (socket.destroyed) return resume(Effect.void)
      socket.once("end", () => socket.destroy())
      socket.once("close", () => resume(Effect.void))
      socket.resume()
    }), { concurrency: "unbounded", discard: true })
}

/** A connection to what is behind the link, if anything listens there. */
const dial = Effect.fnUntraced(function*({ host, port }: Endpoint) {
  const scope = yield* Effect.scope
  const socket = connect({ host, port, allowHalfOpen: true })
  socket.on("error", ignore)
  yield* Scope.addFinalizer(scope, Effect.sync(() => socket.destroy()))
  return yield* Effect.callback<Socket | undefined>((resume) => {
    socket.once("connect", () => resume(Effect.succeed(socket)))
    socket.once("close", () => resume(Effect.undefined))
  })
})

/** Listens until the scope closes; answers with the port. */
function listening(
  server: Server,
  { host, port }: Endpoint
): Effect.Effect<number, never, Scope.Scope> {
  const opened = Effect.callback<number>((resume) => {
    server.once("error", (error) => resume(Effect.die(error)))
    server.listen(port, host, () => {
      const address = server.address()
      const bound = typeof address === "object" && address !== null ? address.port : port
      resume(Effect.succeed(bound))
    })
  })
  return Effect.acquireRelease(opened, () => Effect.sync(() => server.close()))
}

/** Whoever loses a connection hears of it by its end. */
function ignore(): void {}
