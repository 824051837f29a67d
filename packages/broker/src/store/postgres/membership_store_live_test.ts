import { withoutPostgres } from "@claudemesh/testkit"
import { describe } from "@effect/vitest"
import { conformance } from "../conformance.ts"
import { freshStores, livePostgres, UNSYNCED } from "./testing/live_postgres.ts"

describe.skipIf(withoutPostgres())("on a real server", () => {
  const { server } = livePostgres(UNSYNCED)
  conformance("MembershipStore", "Postgres", () => freshStores(server))
})
