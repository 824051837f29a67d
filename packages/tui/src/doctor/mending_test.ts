import { refused } from "@claudemesh/protocol/errors"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Ref } from "effect"
import { LocalDaemon } from "../cli/local_daemon.ts"
import { Output } from "../cli/output.ts"
import { type Check, runChecks } from "./checks.ts"
import { failed, ok } from "./finding.ts"
import { mend } from "./mending.ts"
import { machine } from "./testing/fake_machine.ts"

const around = Layer.mergeAll(
  machine(),
  Layer.mock(LocalDaemon, { running: Effect.never, started: Effect.never }),
  Layer.succeed(Output, {
    page: Effect.succeed({ plain: true, colour: false, interactive: false, now: 0 }),
    json: false,
    print: () => Effect.void,
    said: () => Effect.succeed(true),
    fail: () => Effect.void,
    note: () => Effect.void
  }),
  NodeServices.layer,
  ConfigProvider.layer(ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: "/nowhere/doctor" }))
)

/** A check that fails until it is repaired, and one that counts how often it is looked at. */
const rows = Effect.gen(function*() {
  const isMended = yield* Ref.make(false)
  const looks = yield* Ref.make(0)
  const open = {
    ...failed("others may use it"),
    repair: { does: "close it", run: Ref.set(isMended, true) }
  }
  const table: ReadonlyArray<Check> = [
    {
      id: "home",
      title: "home",
      run: Effect.map(Ref.get(isMended), (is) => [is ? ok("closed") : open])
    },
    {
      id: "runtime",
      title: "runtime",
      run: Effect.as(Ref.update(looks, (n) => n + 1), [ok("new")])
    }
  ]
  return { table, looks }
})

describe("mend", () => {
  it.effect("repairs, and looks again only at what was not well", () =>
    Effect.gen(function*() {
      const { looks, table } = yield* rows
      const { items, repaired } = yield* mend(yield* runChecks(table), table, true)

      assert.deepStrictEqual(items.map(({ id, status }) => [id, status]), [
        ["home", "ok"],
        ["runtime", "ok"]
      ])
      assert.deepStrictEqual(repaired, ["close it"])
      assert.strictEqual(yield* Ref.get(looks), 1)
    }).pipe(Effect.scoped, Effect.provide(around)))

  it.effect("changes nothing where nobody can be asked, and names the flag", () =>
    Effect.gen(function*() {
      const { table } = yield* rows
      const error = yield* Effect.flip(mend(yield* runChecks(table), table, false))

      assert.propertyVal(error, "code", "needs_input")
      assert.strictEqual((yield* runChecks(table))[0]?.status, "failed")
    }).pipe(Effect.scoped, Effect.provide(around)))

  it.effect("goes on past a repair that fails", () =>
    Effect.gen(function*() {
      const run = Effect.fail(refused("home_unusable", "read-only file system"))
      const table: ReadonlyArray<Check> = [{
        id: "home",
        title: "home",
        run: Effect.succeed([{ ...failed("open"), repair: { does: "close it", run } }])
      }]
      const { items, repaired } = yield* mend(yield* runChecks(table), table, true)

      assert.deepStrictEqual(repaired, [])
      assert.strictEqual(items[0]?.status, "failed")
    }).pipe(Effect.scoped, Effect.provide(around)))
})
