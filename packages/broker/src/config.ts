/**
 * The settings of a broker that runs alone, read once from the environment.
 *
 * @module
 */
import { Config, Option } from "effect"
import type { BrokerOptions } from "./broker_server.ts"

/** `CLAUDEMESH_BROKER_DATA`, and where it listens if not on port 7843 of this machine alone. */
export const brokerOptions: Config.Config<BrokerOptions> = Config.all({
  dataDirectory: Config.String("CLAUDEMESH_BROKER_DATA"),
  listen: Config.all({
    host: Config.String("CLAUDEMESH_BROKER_HOST").pipe(Config.withDefault("127.0.0.1")),
    port: Config.Int("CLAUDEMESH_BROKER_PORT").pipe(Config.withDefault(7_843))
  }),
  publicUrl: Config.option(Config.String("CLAUDEMESH_BROKER_PUBLIC_URL"))
}).pipe(Config.map(toOptions))

function toOptions(
  { publicUrl, ...options }: Omit<BrokerOptions, "publicUrl"> & {
    readonly publicUrl: Option.Option<string>
  }
): BrokerOptions {
  return Option.match(publicUrl, {
    onNone: () => options,
    onSome: (url) => ({ ...options, publicUrl: url })
  })
}
