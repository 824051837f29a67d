import { NodeFileSystem } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { rmSync } from "node:fs"
import { installIn, makePlace, readIn, snapshot, uninstallIn, write } from "./testing/made_place.ts"

const HOOKS = "skills/claudemesh/hooks/hooks.json"

layer(NodeFileSystem.layer)("uninstalling", (it) => {
  it.effect("does nothing where nothing is installed", () =>
    Effect.gen(function*() {
      const place = yield* makePlace({ ".claude/CLAUDE.md": "mine" })
      const before = snapshot(place.user)

      assert.deepStrictEqual(yield* uninstallIn(place), [])
      assert.deepStrictEqual(snapshot(place.user), before)
    }))

  it.effect("only says what it would do, where only that is asked for", () =>
    Effect.gen(function*() {
      const place = yield* makePlace()
      yield* installIn(place)
      const before = snapshot(place.user)

      assert.deepInclude(yield* uninstallIn(place, { dryRun: true }), [HOOKS, "removed"])
      assert.deepStrictEqual(snapshot(place.user), before)
    }))

  it.effect("keeps what was changed by hand and names it, until it is forced", () =>
    Effect.gen(function*() {
      const place = yield* makePlace()
      const before = snapshot(place.user)
      yield* installIn(place)
      write(place.config, { [HOOKS]: "{}" })

      const first = yield* uninstallIn(place)
      assert.deepInclude(first, [HOOKS, "kept"])
      assert.strictEqual(yield* readIn(place, HOOKS), "{}")
      assert.deepStrictEqual(yield* uninstallIn(place), [[HOOKS, "kept"]])
      assert.deepStrictEqual(yield* uninstallIn(place, { force: true }), [[HOOKS, "removed"]])

      assert.deepStrictEqual(snapshot(place.user), before)
    }))

  it.effect("does not mind what is gone already", () =>
    Effect.gen(function*() {
      const place = yield* makePlace()
      const before = snapshot(place.user)
      yield* installIn(place, { statusLine: true })
      rmSync(place.config, { recursive: true })
      yield* uninstallIn(place)

      assert.deepStrictEqual(snapshot(place.user), before)
    }))

  it.effect("undoes only our entry in settings that were changed since", () =>
    Effect.gen(function*() {
      const place = yield* makePlace()
      yield* installIn(place, { statusLine: true })
      const written = yield* readIn(place, "settings.json")
      write(place.config, { "settings.json": written.replace("\n}", ",\n  \"mine\": 1\n}") })
      yield* uninstallIn(place)

      assert.strictEqual(yield* readIn(place, "settings.json"), "{\n  \"mine\": 1\n}\n")
    }))

  it.effect("leaves what else is in our home", () =>
    Effect.gen(function*() {
      const place = yield* makePlace()
      yield* installIn(place)
      write(place.home, { "keys/identity.json": "key", "data/daemon.sqlite": "rows" })
      yield* uninstallIn(place)

      assert.deepStrictEqual(snapshot(place.user).map((line) => line.split(" ")[0]), [
        ".",
        ".claudemesh",
        ".claudemesh/data",
        ".claudemesh/data/daemon.sqlite",
        ".claudemesh/keys",
        ".claudemesh/keys/identity.json"
      ])
    }))

  it.effect("takes care of each client's directory that was installed into", () =>
    Effect.gen(function*() {
      const place = yield* makePlace()
      const other = {
        ...place,
        config: `${place.config}-work`,
        folder: `${place.config}-work/skills/claudemesh`
      }
      const before = snapshot(place.user)
      yield* installIn(place)
      yield* installIn(other)
      yield* uninstallIn(place)

      assert.deepStrictEqual(snapshot(place.user), before)
    }))
})
