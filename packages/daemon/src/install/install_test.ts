import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Option } from "effect"
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { applyInstall, planInstall } from "./install.ts"
import { manifestIn } from "./manifest.ts"
import {
  installIn,
  makePlace,
  readIn,
  requestFor,
  snapshot,
  uninstallIn,
  write
} from "./testing/made_place.ts"

const theirs = {
  ".claude/settings.json":
    "{\n\t\"statusLine\": {\"type\": \"command\", \"command\": \"echo mine\"},\n\t\"b\": 1 }",
  ".claude/skills/other/SKILL.md": "other",
  ".claude/CLAUDE.md": "mine"
}

/** The plugin as it is installed with a monitor. */
const monitored = {
  version: "1.0.0",
  executable: { program: "/opt/it's node/node", args: ["/opt/a \"b\"/main.ts"] },
  skill: "skill of 1.0.0\n",
  monitor: true
}

/** A step at which an installation breaks off. */
const unwritable = {
  path: "/dev/null/file",
  change: "created" as const,
  diff: "",
  bytes: Option.some(new Uint8Array()),
  mode: undefined,
  installed: undefined
}

/** Whether permission bits say no to us; they do not to root. */
const isRoot = process.geteuid?.() === 0

layer(NodeFileSystem.layer)("installing", (it) => {
  describe("what is undone", () => {
    it.effect.each(
      [
        ["nothing", {}],
        ["settings and other skills", theirs],
        ["settings that are empty", { ".claude/settings.json": "{}" }]
      ] as const
    )("leaves a home as it was, with %s in it", ([, files]) =>
      Effect.gen(function*() {
        const place = yield* makePlace(files)
        const before = snapshot(place.user)

        yield* installIn(place, { statusLine: true })
        assert.notDeepEqual(snapshot(place.user), before)
        yield* uninstallIn(place)

        assert.deepStrictEqual(snapshot(place.user), before)
      }))

    it.effect("leads back to the very first state, over updates", () =>
      Effect.gen(function*() {
        const place = yield* makePlace(theirs)
        const before = snapshot(place.user)

        yield* installIn(place)
        yield* installIn(place, { version: "1.1.0", statusLine: true })
        const updated = yield* installIn(place, { version: "2.0.0" })
        yield* uninstallIn(place)

        assert.deepInclude(updated, ["skills/claudemesh/skills/claudemesh/SKILL.md", "changed"])
        assert.deepInclude(updated, ["skills/claudemesh/hooks/hooks.json", "unchanged"])
        assert.deepInclude(updated, ["settings.json", "unchanged"])
        assert.deepStrictEqual(snapshot(place.user), before)
      }))

    it.effect("keeps the mode of a file that is changed, and the manifest to its user", () =>
      Effect.gen(function*() {
        const place = yield* makePlace(theirs)
        const settings = join(place.config, "settings.json")
        chmodSync(settings, 0o640)
        const before = snapshot(place.user)

        yield* installIn(place, { statusLine: true })
        assert.strictEqual(statSync(settings).mode & 0o777, 0o640)
        assert.strictEqual(statSync(manifestIn(place.home)).mode & 0o777, 0o600)
        yield* uninstallIn(place)

        assert.deepStrictEqual(snapshot(place.user), before)
      }))

    it.effect("is undone after an installation that broke off", () =>
      Effect.gen(function*() {
        const place = yield* makePlace(theirs)
        const before = snapshot(place.user)
        const plan = yield* planInstall(requestFor(place, { statusLine: true }))
        const steps = plan.steps.slice(0, 2)

        yield* applyInstall({ ...plan, steps })
        yield* uninstallIn(place)

        assert.deepStrictEqual(snapshot(place.user), before)
      }))
  })

  describe("an update that broke off", () => {
    it.effect("is undone whole, and done again, as nothing of it was changed by hand", () =>
      Effect.gen(function*() {
        const place = yield* makePlace(theirs)
        const before = snapshot(place.user)
        yield* installIn(place, { statusLine: true, plugin: monitored })
        const plan = yield* planInstall(requestFor(place, { version: "2.0.0" }))
        const steps = [...plan.steps.slice(0, 1), unwritable]
        yield* Effect.flip(applyInstall({ ...plan, steps }))

        const { changes } = yield* planInstall(requestFor(place, { version: "2.0.0" }))
        assert.notInclude(changes.map(({ change }) => change), "kept")
        yield* uninstallIn(place)
        assert.deepStrictEqual(snapshot(place.user), before)
      }))
  })

  describe("the monitor", () => {
    it.effect("stays with an update that does not ask for it, and goes with the rest", () =>
      Effect.gen(function*() {
        const place = yield* makePlace(theirs)
        const before = snapshot(place.user)
        yield* installIn(place, { plugin: monitored })
        const updated = yield* installIn(place)

        assert.deepInclude(updated, ["skills/claudemesh/monitors/monitors.json", "unchanged"])
        yield* uninstallIn(place)
        assert.deepStrictEqual(snapshot(place.user), before)
      }))
  })

  describe("a plan", () => {
    it.effect("writes nothing", () =>
      Effect.gen(function*() {
        const place = yield* makePlace(theirs)
        const before = snapshot(place.user)
        const { changes } = yield* planInstall(requestFor(place, { statusLine: true }))

        assert.strictEqual(changes.at(-1)?.change, "changed")
        assert.include(changes.at(-1)?.diff ?? "", "echo mine")
        assert.deepStrictEqual(snapshot(place.user), before)
      }))
  })

  describe("the status line", () => {
    it.effect("goes along with what the user changed in the settings between two installations", () =>
      Effect.gen(function*() {
        const place = yield* makePlace(theirs)
        yield* installIn(place, { statusLine: true })
        const mine = (yield* readIn(place, "settings.json")).replace("\"b\": 1", "\"b\": 2")
        write(place.config, { "settings.json": mine })

        yield* installIn(place, { version: "2.0.0" })
        assert.strictEqual(yield* readIn(place, "settings.json"), mine)
        yield* uninstallIn(place)

        assert.strictEqual(
          yield* readIn(place, "settings.json"),
          theirs[".claude/settings.json"].replace("\"b\": 1", "\"b\": 2")
        )
      }))

    it.effect("is written where settings are that are a link, and leaves the link", () =>
      Effect.gen(function*() {
        const place = yield* makePlace({ "dotfiles/settings.json": "{ \"a\": 1 }\n" })
        mkdirSync(place.config)
        symlinkSync("../dotfiles/settings.json", join(place.config, "settings.json"))
        const before = snapshot(place.user)

        yield* installIn(place, { statusLine: true })
        assert.include(yield* readIn(place, "settings.json"), "statusline")
        yield* uninstallIn(place)

        assert.deepStrictEqual(snapshot(place.user), before)
      }))

    it.effect("is refused in settings that are a link to nothing, which stays", () =>
      Effect.gen(function*() {
        const place = yield* makePlace()
        mkdirSync(place.config)
        symlinkSync("../dotfiles/settings.json", join(place.config, "settings.json"))
        const before = snapshot(place.user)
        const refusal = yield* Effect.flip(installIn(place, { statusLine: true }))

        assert.strictEqual(refusal._tag === "Refused" && refusal.code, "plugin_place_unusable")
        assert.include(refusal.message, "../dotfiles/settings.json")
        assert.deepStrictEqual(snapshot(place.user), before)
      }))

    it.effect("is refused in settings that are in no UTF-8, and would come out as others", () =>
      Effect.gen(function*() {
        const place = yield* makePlace({ ".claude/settings.json": "" })
        const latin = Buffer.from("{ \"a\": \"caf\u00e9\" }", "latin1")
        writeFileSync(join(place.config, "settings.json"), latin)
        const before = snapshot(place.user)
        const refusal = yield* Effect.flip(installIn(place, { statusLine: true }))

        assert.strictEqual(refusal._tag === "Refused" && refusal.code, "settings_not_plain")
        assert.include(refusal.message, "UTF-8")
        assert.deepStrictEqual(snapshot(place.user), before)
      }))

    it.effect("is refused in settings that are no plain JSON, before anything is written", () =>
      Effect.gen(function*() {
        const place = yield* makePlace({ ".claude/settings.json": "// mine\n{}" })
        const before = snapshot(place.user)
        const refusal = yield* Effect.flip(installIn(place, { statusLine: true }))

        assert.strictEqual(refusal._tag === "Refused" && refusal.code, "settings_not_plain")
        assert.deepStrictEqual(snapshot(place.user), before)
      }))
  })

  describe("a file that was changed by hand", () => {
    it.effect("is overwritten only by force", () =>
      Effect.gen(function*() {
        const place = yield* makePlace()
        yield* installIn(place)
        write(place.folder, { "hooks/hooks.json": "{}" })
        const refusal = yield* Effect.flip(installIn(place))
        const forced = yield* installIn(place, { force: true })

        assert.strictEqual(refusal._tag === "Refused" && refusal.code, "changed_by_hand")
        assert.deepInclude(forced, ["skills/claudemesh/hooks/hooks.json", "changed"])
      }))

    it.effect("is made again where it was taken away", () =>
      Effect.gen(function*() {
        const place = yield* makePlace(theirs)
        const before = snapshot(place.user)
        yield* installIn(place)
        yield* uninstallIn(place)
        yield* installIn(place)
        yield* uninstallIn(place)

        assert.deepStrictEqual(snapshot(place.user), before)
      }))
  })

  describe("a place", () => {
    it.effect.skipIf(isRoot)(
      "that cannot be written to is refused, and untouched (not as root)",
      () =>
        Effect.gen(function*() {
          const place = yield* makePlace({ ".claude/CLAUDE.md": "mine" })
          chmodSync(place.config, 0o500)
          const before = snapshot(place.user)
          const refusal = yield* Effect.flip(installIn(place))

          assert.strictEqual(refusal._tag === "Refused" && refusal.code, "plugin_place_unusable")
          assert.deepStrictEqual(snapshot(place.user), before)
          chmodSync(place.config, 0o700)
        })
    )

    it.effect("that is a file is refused, and untouched", () =>
      Effect.gen(function*() {
        const place = yield* makePlace({ ".claude": "a file" })
        const before = snapshot(place.user)
        const refusal = yield* Effect.flip(installIn(place))

        assert.strictEqual(refusal._tag === "Refused" && refusal.code, "plugin_place_unusable")
        assert.deepStrictEqual(snapshot(place.user), before)
      }))
  })
})
