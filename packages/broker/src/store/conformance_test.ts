import { layerSeededRandom } from "@claudemesh/testkit"
import { Effect, Layer } from "effect"
import { join } from "node:path"
import { temporaryDirectory } from "../testing/temporary_directory.ts"
import { conformance } from "./conformance.ts"
import * as Database from "./sqlite/database.ts"

for (const port of ["LogStore", "MembershipStore", "PrekeyStore"] as const) {
  conformance(port, "SQLite in a file", () =>
    Layer.unwrap(
      Effect.map(temporaryDirectory, (directory) =>
        Layer.provide(
          Database.layer({ filename: join(directory, "broker.sqlite") }),
          layerSeededRandom("stores")
        ))
    ))
}
