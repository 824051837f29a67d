/**
 * Gives each machine a bad link of its own to the one broker, by a name that the broker answers for.
 *
 * A device signs the address that it dialled, and a broker answers for its own
 * names alone: its public URL, and the names of the loopback interface with the
 * port that it listens on. So one proxy is the public URL, and the others
 * listen on that port at the loopback addresses which the broker leaves free.
 * Where a machine has only one such address, some share a link.
 *
 * @module
 */
import { type Endpoint, type FaultProxy, makeFaultProxy } from "@claudemesh/testkit"
import { Effect } from "effect"
import { createServer } from "node:net"

/** A way to the broker. */
export interface Door {
  /** What is dialled. */
  readonly origin: string
  readonly proxy: FaultProxy
}

/** The broker's place, and the doors in front of it. */
export interface Doors {
  readonly broker: Endpoint
  readonly publicUrl: string
  readonly doors: ReadonlyArray<Door>
}

/** Addresses of the loopback interface: all of 127.0.0.0/8 on Linux, one on other systems. */
const FIRST = "127.0.0.1"
const SECOND = "127.0.0.2"
const IPV6 = "::1"

/** Opens the doors; nothing listens behind them yet. */
export const makeDoors = Effect.fnUntraced(function*(seed: string) {
  const own = yield* freePort(SECOND)
  const host = own === undefined ? FIRST : SECOND
  const port = own ?? (yield* freePort(FIRST)) ?? 0
  const broker = { host, port }
  const main = yield* makeDoor({ host: FIRST, port: 0 }, broker, `${seed}/door 0`)
  const doors = [main]
  for (const other of [FIRST, IPV6]) {
    if (other === host || (yield* freePort(other)) === undefined) continue
    doors.push(yield* makeDoor({ host: other, port }, broker, `${seed}/door ${doors.length}`))
  }
  return { broker, publicUrl: main.origin, doors } satisfies Doors
})

/** The door of a machine. */
export function doorOf({ doors }: Doors, machine: number): Door {
  const door = doors[machine % doors.length]
  if (door === undefined) throw new Error("There is no door")
  return door
}

const makeDoor = Effect.fnUntraced(function*(listen: Endpoint, target: Endpoint, seed: string) {
  const proxy = yield* makeFaultProxy({ listen, target, seed })
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host
  return { origin: `http://${host}:${proxy.port}`, proxy }
})

/** A port that is free at an address, if this machine has that address. */
function freePort(host: string): Effect.Effect<number | undefined> {
  return Effect.callback<number | undefined>((resume) => {
    const server = createServer()
    server.once("error", () => resume(Effect.undefined))
    server.listen(0, host, () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : undefined
      server.close(() => resume(Effect.succeed(port)))
    })
  })
}
