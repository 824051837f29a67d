import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Option } from "effect"
import { TestClock } from "effect/testing"
import { saveAnswers, savedAnswers, savedIn } from "./saved_answers.ts"

const temporary = FileSystem.FileSystem.use((fs) => fs.makeTempDirectoryScoped({ prefix: "cm-" }))

layer(NodeServices.layer)("savedAnswers", (it) => {
  it.effect("keeps what was answered for each directory, for its user alone", () =>
    Effect.gen(function*() {
      const home = yield* temporary
      yield* saveAnswers(home, "/a", { name: "api", caps: "dm,read", confirm: "yes", session: "s" })
      yield* saveAnswers(home, "/b", { name: "web" })
      const info = yield* FileSystem.FileSystem.use((fs) => fs.stat(savedIn(home)))

      assert.deepInclude(Option.getOrThrow(yield* savedAnswers(home, "/a")), {
        name: "api",
        caps: "dm,read",
        session: "s"
      })
      assert.notProperty(Option.getOrThrow(yield* savedAnswers(home, "/a")), "confirm")
      assert.isTrue(Option.isSome(yield* savedAnswers(home, "/b")))
      assert.isTrue(Option.isNone(yield* savedAnswers(home, "/c")))
      assert.strictEqual(info.mode & 0o777, 0o600)
    }))

  it.effect("is none where the file cannot be read, and mends it with the next", () =>
    Effect.gen(function*() {
      const home = yield* temporary
      yield* FileSystem.FileSystem.use((fs) => fs.writeFileString(savedIn(home), "{"))
      const before = yield* savedAnswers(home, "/a")
      yield* saveAnswers(home, "/a", { name: "api" })

      assert.isTrue(Option.isNone(before))
      assert.isTrue(Option.isSome(yield* savedAnswers(home, "/a")))
    }))

  it.effect("forgets the directories that were longest unused", () =>
    Effect.gen(function*() {
      const home = yield* temporary
      for (let at = 0; at < 202; at++) {
        yield* saveAnswers(home, `/${at}`, { name: "api" })
        yield* TestClock.adjust("1 second")
      }

      assert.isTrue(Option.isNone(yield* savedAnswers(home, "/1")))
      assert.isTrue(Option.isSome(yield* savedAnswers(home, "/2")))
    }))

  it.effect("does not keep a launch from starting where nothing can be written", () =>
    saveAnswers("/dev/null", "/a", { name: "api" }))
})
