/**
 * A broker as a process of its own, for tests that kill it: `node serve_alone.ts <directory>` says where it listens.
 *
 * @module
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Layer } from "effect"
import { BrokerAddress } from "../../broker_server.ts"
import { brokerOn } from "./live_broker.ts"

const announce = Layer.effectDiscard(BrokerAddress.use(({ origin }) => Console.log(origin)))

NodeRuntime.runMain(Layer.launch(Layer.provide(announce, brokerOn(process.argv[2] ?? ""))))
