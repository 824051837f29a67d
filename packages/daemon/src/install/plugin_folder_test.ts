import { NodeFileSystem } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import {
  installIn,
  type MadePlace,
  makePlace,
  snapshot,
  uninstallIn,
  write
} from "./testing/made_place.ts"

/** The code of the refusal; nothing is touched. */
const refusalIn = Effect.fnUntraced(function*(place: MadePlace) {
  const before = snapshot(place.user)
  const refusal = yield* Effect.flip(installIn(place))
  assert.deepStrictEqual(snapshot(place.user), before)
  return refusal._tag === "Refused" ? `${refusal.code}: ${refusal.message}` : ""
})

layer(NodeFileSystem.layer)("the plugin's folder", (it) => {
  it.effect("is not written where somebody else's is, nor where a link is", () =>
    Effect.gen(function*() {
      const foreign = yield* makePlace({ ".claude/skills/claudemesh/SKILL.md": "theirs" })
      const linked = yield* makePlace({ "elsewhere/x": "", ".claude/skills/x": "" })
      symlinkSync(join(linked.user, "elsewhere"), linked.folder)
      const dangling = yield* makePlace({ ".claude/skills/x": "" })
      symlinkSync("nowhere", dangling.folder)

      assert.match(yield* refusalIn(foreign), /^plugin_foreign: .+ is there already/)
      assert.match(
        yield* refusalIn(linked),
        /^plugin_place_unusable: .+ symbolic link to .+elsewhere"; remove/
      )
      assert.match(
        yield* refusalIn(dangling),
        /^plugin_place_unusable: .+ symbolic link to "nowhere"/
      )
    }))

  it.effect("may be there and empty, and stays", () =>
    Effect.gen(function*() {
      const place = yield* makePlace()
      mkdirSync(place.folder, { recursive: true })
      const before = snapshot(place.user)

      yield* installIn(place)
      yield* uninstallIn(place)

      assert.deepStrictEqual(snapshot(place.user), before)
    }))

  it.effect("keeps what somebody else puts beside our files", () =>
    Effect.gen(function*() {
      const place = yield* makePlace()
      yield* installIn(place)
      write(place.folder, { "notes/mine.md": "mine" })
      yield* installIn(place, { version: "2.0.0" })
      yield* uninstallIn(place)

      assert.deepStrictEqual(snapshot(place.folder).map((line) => line.split(" ")[0]), [
        ".",
        "notes",
        "notes/mine.md"
      ])
    }))
})
