/**
 * Serves a broker from this process, at the same address every time.
 *
 * Meshes and invite links name the broker's address, so the one that was used first is remembered beside the
 * broker's data. Only then may a port be chosen freely: where the usual one is taken at the very first start.
 * So is the database, because a broker that silently began an empty one beside it would part those who wait for mail
 * from those who send it.
 *
 * @module
 */
import type { BrokerAddress } from "@claudemesh/broker"
import { Refused, refused } from "@claudemesh/protocol/errors"
import { Context, Effect, FileSystem, Layer, Option, type Redacted, Schema } from "effect"
import type { Listen } from "./flags.ts"

/** Where a broker listens if nobody says otherwise: on this machine alone. */
export const LISTEN_DEFAULT: Listen = { host: "127.0.0.1", port: 7843 }

const Remembered = Schema.Struct({
  host: Schema.String,
  port: Schema.Int,
  origin: Schema.String,
  /** Everything that it answered for as itself. */
  origins: Schema.optionalKey(Schema.Array(Schema.String)),
  public_url: Schema.optionalKey(Schema.String),
  /** The address of its database, without the password. */
  database: Schema.optionalKey(Schema.String)
})
export type Remembered = typeof Remembered.Type
const RememberedFromText = Schema.fromJsonString(Remembered)

/** What a person may decide of it. */
export interface BrokerChoice {
  readonly dataDirectory: string
  readonly listen: Option.Option<Listen>
  readonly publicUrl: Option.Option<string>
  /** The address of a Postgres database. */
  readonly database?: Option.Option<Redacted.Redacted>
}

/** Serves for as long as the scope is open. */
export const serveBroker = Effect.fn("serveBroker")(function*(choice: BrokerChoice) {
  const { dataDirectory, database = Option.none() } = choice
  const remembered = yield* recall(dataDirectory)
  if (Option.isNone(database)) yield* checkNoDatabase(dataDirectory, remembered)
  const public_url = Option.orElse(
    choice.publicUrl,
    () => Option.flatMap(remembered, ({ public_url }) => Option.fromUndefinedOr(public_url))
  )
  const settled = Option.orElse(choice.listen, () => remembered)
  const listen = Option.getOrElse(settled, () => LISTEN_DEFAULT)
  const first = { ...listen, dataDirectory, database, public_url }
  const address = yield* start(first).pipe(
    Effect.catchIf(
      ({ code }) => code === "address_in_use" && Option.isNone(settled),
      () => start({ ...first, port: 0 })
    )
  )
  yield* remember(dataDirectory, {
    host: address.host,
    port: address.port,
    origin: address.origin,
    origins: address.origins,
    ...(address.database !== undefined && { database: address.database }),
    ...Option.match(public_url, { onNone: () => ({}), onSome: (public_url) => ({ public_url }) })
  })
  return address
})

interface Start {
  readonly dataDirectory: string
  readonly host: string
  readonly port: number
  readonly public_url: Option.Option<string>
  readonly database: Option.Option<Redacted.Redacted>
}

function checkNoDatabase(dataDirectory: string, remembered: Option.Option<Remembered>) {
  const before = Option.getOrUndefined(remembered)?.database
  return before === undefined
    ? Effect.void
    : refused(
      "needs_input",
      `Cannot serve the broker of "${dataDirectory}": what it stores is in ${before}. Give that address again (DATABASE_URL, or broker serve --database), or another --data`
    )
}

/** Loads the broker only now, so that no other verb pays for it. */
const start = Effect.fnUntraced(function*(given: Start) {
  const { database, dataDirectory, host, port, public_url } = given
  const { BrokerAddress, layerBroker } = yield* Effect.promise(() => import("@claudemesh/broker"))
  const layer: Layer.Layer<BrokerAddress, Refused> = layerBroker({
    dataDirectory,
    listen: { host, port },
    ...Option.match(database, { onNone: () => ({}), onSome: (database) => ({ database }) }),
    ...Option.match(public_url, { onNone: () => ({}), onSome: (publicUrl) => ({ publicUrl }) })
  })
  return Context.get(yield* Layer.build(layer), BrokerAddress)
})

/** Where the broker of this directory listened last. */
export const recall = Effect.fn("EmbeddedBroker.recall")(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.readFileString(fileIn(directory)).pipe(
    Effect.flatMap(Schema.decodeEffect(RememberedFromText)),
    // No file: the first start. One that is broken is written anew, at the cost of the choice.
    Effect.option
  )
})

const remember = Effect.fn("EmbeddedBroker.remember")(
  function*(directory: string, remembered: Remembered) {
    const fs = yield* FileSystem.FileSystem
    const path = fileIn(directory)
    const text = yield* Schema.encodeEffect(RememberedFromText)(remembered)
    yield* fs.writeFileString(`${path}.new`, text, { mode: 0o600 })
    yield* fs.rename(`${path}.new`, path)
  },
  (effect, directory) =>
    Effect.mapError(
      effect,
      ({ message }) => refused("home_unusable", `Cannot write to "${directory}": ${message}`)
    )
)

function fileIn(directory: string): string {
  return `${directory}/address.json`
}
