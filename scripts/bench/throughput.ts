/**
 * What a broker takes: 1 KiB bodies, durable before they are admitted, pushed and acknowledged, from many devices.
 *
 * Each store with 2, 25 and 100 devices: first as much as it takes, five times
 * over, then half of what it must take at least, for the time each message
 * needs. Beside it, in the same run, what the machine takes without a broker: a
 * relay that keeps nothing, and rows that nobody is sent.
 *
 * @module
 */
import { TemporaryPostgres } from "@claudemesh/testkit"
import { NodeServices } from "@effect/platform-node"
import { Effect, FileSystem, Layer, Redacted } from "effect"
import { grid, spread, summed } from "./figures.ts"
import { attachedFleet } from "./load/attached_fleet.ts"
import { startChild } from "./load/child.ts"
import type { Fleet } from "./load/fleet.ts"
import { postgresInserts, sqliteInserts } from "./load/inserts.ts"
import { pace, saturate } from "./load/loads.ts"
import { relayedFleet } from "./load/relayed_fleet.ts"
import type { Measured } from "./measured.ts"

const DEVICES = [2, 25, 100]
const ROUNDS = 5
const ROUND_SECONDS = 2
const WARM_UP_SECONDS = 1.5
const PACE_SECONDS = 4

/** What a broker must take at the least, messages a second; it is paced at half of that. */
export const SUSTAINED_MIN = 5_000

type Store = "sqlite" | "postgres"

/** One line of the table. */
interface Line {
  readonly name: string
  readonly devices: number
  readonly perSecond: ReturnType<typeof spread>
  readonly paced: ReturnType<typeof summed>
}

/** Measures all of it. */
export const throughput = Effect.gen(function*() {
  const lines: Array<Line> = []
  for (const devices of DEVICES) {
    const relay = Effect.flatMap(
      startChild({ file: "relay_process.ts" }),
      (origin) => relayedFleet(origin, devices)
    )
    lines.push(yield* measure("relay, keeps nothing", devices, relay))
  }
  const inserts: Record<Store, number> = {
    sqlite: yield* insertsInto("sqlite"),
    postgres: yield* insertsInto("postgres")
  }
  for (const store of ["sqlite", "postgres"] as const) {
    for (const devices of DEVICES) {
      lines.push(yield* measure(store, devices, brokerOn(store, devices)))
    }
  }
  return { text: shown(lines, inserts), figures: { lines, inserts } } satisfies Measured
}).pipe(Effect.provide(Layer.mergeAll(TemporaryPostgres.layer(), NodeServices.layer)))

function measure<E, R>(name: string, devices: number, connecting: Effect.Effect<Fleet, E, R>) {
  return Effect.scoped(Effect.gen(function*() {
    const fleet = yield* connecting
    yield* saturate(fleet, WARM_UP_SECONDS)
    const rounds = yield* Effect.replicateEffect(saturate(fleet, ROUND_SECONDS), ROUNDS)
    const paced = yield* pace(fleet, SUSTAINED_MIN / 2, PACE_SECONDS)
    const perSecond = spread(rounds.map((round) => round.perSecond))
    return { name, devices, perSecond, paced: summed(paced.millis) } satisfies Line
  }))
}

const brokerOn = Effect.fnUntraced(function*(store: Store, devices: number) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "claudemesh-bench-" })
  const env: Record<string, string> = store === "sqlite"
    ? {}
    : { DATABASE_URL: yield* TemporaryPostgres.use(({ makeDatabase }) => makeDatabase) }
  const origin = yield* startChild({ file: "broker_process.ts", args: [directory], env })
  return yield* attachedFleet(origin, devices)
})

function insertsInto(store: Store) {
  return Effect.scoped(Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const directory = yield* fs.makeTempDirectoryScoped({ prefix: "claudemesh-bench-" })
    if (store === "sqlite") return yield* sqliteInserts(`${directory}/rows.db`, ROUND_SECONDS)
    const url = yield* TemporaryPostgres.use(({ makeDatabase }) => makeDatabase)
    return yield* postgresInserts(Redacted.make(url), ROUND_SECONDS)
  }))
}

function shown(lines: ReadonlyArray<Line>, inserts: Record<Store, number>): string {
  const relays = new Map(
    lines.filter(({ name }) => name.startsWith("relay")).map((line) => [line.devices, line])
  )
  const head = [
    "",
    "devices",
    "msg/s",
    "least",
    "most",
    "of relay",
    "of inserts",
    "p50 ms",
    "p99 ms"
  ]
  const rows = lines.map(({ devices, name, paced, perSecond }) => {
    const floor = name === "sqlite" || name === "postgres" ? inserts[name] : undefined
    const relay = relays.get(devices)?.perSecond.median ?? Number.NaN
    return [
      name,
      `${devices}`,
      ...[perSecond.median, perSecond.min, perSecond.max].map((value) => value.toFixed(0)),
      (perSecond.median / relay).toFixed(2),
      floor === undefined ? "" : (perSecond.median / floor).toFixed(2),
      paced.p50.toFixed(2),
      paced.p99.toFixed(2)
    ]
  })
  const told = Object.entries(inserts).map(([store, rate]) =>
    `${store} alone takes ${rate.toFixed(0)} rows/s in transactions of 200`
  )
  const title = `messages of 1 KiB, admitted, pushed and acknowledged; times at ${
    SUSTAINED_MIN / 2
  } msg/s`
  return [grid(title, [head, ...rows]), ...told].join("\n")
}
