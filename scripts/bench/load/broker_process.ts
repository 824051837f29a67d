/**
 * A broker as a process of its own, for benches: says where it listens, and holds nobody back for sending fast.
 *
 * `node broker_process.ts <data directory>`; `DATABASE_URL` makes it keep its store in Postgres.
 *
 * @module
 */
import { BrokerAddress, BrokerLimits, defaultBrokerLimits, layerBroker } from "@claudemesh/broker"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Layer, Redacted } from "effect"

const url = process.env["DATABASE_URL"]
const broker = layerBroker({
  dataDirectory: process.argv[2] ?? "",
  listen: { host: "127.0.0.1", port: 0 },
  ...(url === undefined ? {} : { database: Redacted.make(url) })
})

/** What one machine may send is bounded for its neighbours' sake; here it is the only one there is. */
const limits = {
  ...defaultBrokerLimits,
  framesPerSecond: 1_000_000,
  framesBurst: 1_000_000,
  bytesPerSecond: 1_000_000_000,
  bytesBurst: 1_000_000_000,
  unattachedPerAddressMax: 1_000,
  connectsPerAddressPerSecond: 1_000
}

const announce = Layer.effectDiscard(BrokerAddress.use(({ origin }) => Console.log(origin)))

NodeRuntime.runMain(
  Layer.launch(
    announce.pipe(Layer.provide(broker), Layer.provide(Layer.succeed(BrokerLimits, limits)))
  )
)
