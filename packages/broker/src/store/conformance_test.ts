import { layerSeededRandom } from "@claudemesh/testkit"
import { Layer } from "effect"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { conformance } from "./conformance.ts"
import * as Database from "./sqlite/database.ts"

for (const port of ["LogStore", "MembershipStore", "PrekeyStore"] as const) {
  conformance(port, "SQLite in a file", () => {
    const filename = join(mkdtempSync(join(tmpdir(), "claudemesh-store-")), "broker.sqlite")
    return Layer.provide(Database.layer({ filename }), layerSeededRandom("stores"))
  })
}
