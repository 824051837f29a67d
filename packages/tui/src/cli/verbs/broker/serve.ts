/**
 * `claudemesh broker serve`: a broker for others, in the foreground.
 *
 * @module
 */
import type { BrokerAddress } from "@claudemesh/broker"
import { Home, homeDirectory } from "@claudemesh/daemon"
import { Context, Effect, Layer, Option, Redacted, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { chooseDatabase, databaseFlag } from "../../database_choice.ts"
import { serveBroker } from "../../embedded_broker.ts"
import { listenFlag } from "../../flags.ts"
import { Foreground } from "../../foreground.ts"
import { type NextStep, Output } from "../../output.ts"
import { originForOthers } from "../../own_address.ts"
import { pairs } from "../../page.ts"
import { itemReport } from "../../report.ts"
import { declared } from "../../verb.ts"

const Serving = Schema.Struct({
  origin: Schema.String,
  host: Schema.String,
  port: Schema.Int,
  data: Schema.String,
  /** The Postgres database that holds what is stored, if it is not a file of the directory. */
  database: Schema.optionalKey(Schema.String),
  /** Printed once, at the first start: it lets one person found a mesh. */
  first_admin_code: Schema.optionalKey(Schema.String)
})

const serving = itemReport({
  kind: "broker.serving",
  schema: Serving,
  fields: Object.keys(Serving.fields),
  text: ({ data, database, first_admin_code, host, origin, port }, page) =>
    pairs(page, [
      ["broker", origin],
      ["listens", `${host} port ${port}`],
      ["data", data],
      ["database", database],
      ["first-admin code", first_admin_code]
    ])
})

export const serve = Command.make(
  "serve",
  {
    data: Flag.Path("data").pipe(
      Flag.withDescription("Where it keeps what it stores (default: data/broker of the home)"),
      Flag.optional
    ),
    database: databaseFlag,
    listen: listenFlag("Where it listens (default: as last time, first 127.0.0.1:7843)"),
    publicUrl: Flag.String("public-url").pipe(
      Flag.withMetavar("URL"),
      Flag.withDescription("What others call it, if not by that address"),
      Flag.optional
    )
  },
  Effect.fn("broker.serve")(
    function*({ data, database: flag, ...choice }) {
      const dataDirectory = Option.isSome(data) ? data.value : yield* dataOfHome
      const { database, warnings } = yield* chooseDatabase(flag)
      const served = yield* serveBroker({ ...choice, dataDirectory, database })
      const { firstAdminCode, host, origin, port } = served
      const code = firstAdminCode === undefined ? undefined : Redacted.value(firstAdminCode)
      yield* (yield* Output).print(
        serving,
        {
          origin,
          host,
          port,
          data: dataDirectory,
          ...(served.database !== undefined && { database: served.database }),
          ...(code !== undefined && { first_admin_code: code })
        },
        {
          warnings: [...warnings, ...served.warnings],
          next: createSteps(served)
        }
      )
      yield* (yield* Foreground).stay(served.failed)
    },
    Effect.scoped
  )
).pipe(
  declared({
    description: "Serve a broker, in the foreground",
    examples: [
      {
        command: "claudemesh broker serve --listen 0.0.0.0:7843 --public-url https://mesh.example",
        description: "For a team, behind a TLS proxy"
      },
      {
        command: "DATABASE_URL=postgres://mesh@db.example/mesh claudemesh broker serve",
        description: "With what it stores in Postgres"
      }
    ],
    report: serving
  })
)

const dataOfHome = Effect.gen(function*() {
  const { directory, socket } = yield* Effect.orDie(homeDirectory)
  return Context.get(yield* Layer.build(Home.layer(directory, socket)), Home).brokerData
})

/** How whoever begins founds a mesh; what this machine calls the broker no other machine reaches. */
export function createSteps(
  served: Pick<BrokerAddress["Service"], "firstAdminCode" | "origin" | "origins">
): ReadonlyArray<NextStep> {
  const { firstAdminCode, origin } = served
  const code = firstAdminCode === undefined ? "" : ` --code '${Redacted.value(firstAdminCode)}'`
  function create(at: string) {
    return `claudemesh mesh create NAME --broker ${at}${code}`
  }
  const others = originForOthers(served)
  if (others === undefined) {
    return [{ cmd: create(origin), why: "on the machine of whoever begins" }]
  }
  return [
    { cmd: create(origin), why: "on this machine" },
    {
      cmd: create(others),
      why: "on another machine, if it finds this one by that name; an address of it will do as well"
    }
  ]
}
