import { assert, it } from "@effect/vitest"
import { eventsOf, nameOf } from "./history.ts"
import { GOOD } from "./testing/told.ts"

it("names a message by mesh, sender and id", () => {
  assert.strictEqual(nameOf({ mesh: "mesh", sender: "a", id: "1" }), "mesh/a/1")
})

it("finds all events of one type, in their order", () => {
  assert.deepStrictEqual(eventsOf(GOOD, "shown").map(({ state }) => state), ["admitted", "inboxed"])
})
