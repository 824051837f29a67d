/**
 * The broker alone, as a process: `CLAUDEMESH_BROKER_DATA=<directory> node main.ts`.
 *
 * @module
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer, Redacted } from "effect"
import { BrokerAddress, layerBroker } from "./broker_server.ts"
import { brokerOptions } from "./config.ts"

const announce = BrokerAddress.use(({ firstAdminCode, origin, warnings }) =>
  Effect.forEach(
    [
      origin,
      ...warnings,
      ...firstAdminCode === undefined ? [] : [`First-admin code: ${Redacted.value(firstAdminCode)}`]
    ],
    (line) => Console.log(line)
  )
)

const Main = Layer.effectDiscard(announce).pipe(
  Layer.provide(Layer.unwrap(Effect.map(brokerOptions, layerBroker)))
)

NodeRuntime.runMain(Layer.launch(Main))
