import { layerSeededRandom } from "@claudemesh/testkit"
import { Layer } from "effect"
import { conformance } from "../conformance.ts"
import * as Database from "./database.ts"

conformance(
  "PrekeyStore",
  "SQLite in memory",
  () => Layer.provide(Database.layer({ filename: ":memory:" }), layerSeededRandom("stores"))
)
