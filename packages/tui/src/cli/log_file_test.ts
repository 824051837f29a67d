import { assert, describe, layer } from "@effect/vitest"
import { NodeServices } from "@effect/platform-node"
import { Effect, FileSystem } from "effect"
import { lastLine, LOG_BYTES_MAX, putAside } from "./log_file.ts"

const written = Effect.fn("written")(function*(text: string) {
  const fs = yield* FileSystem.FileSystem
  const path = `${yield* fs.makeTempDirectoryScoped()}/a.log`
  yield* fs.writeFileString(path, text)
  return path
})

layer(NodeServices.layer)("log files", (it) => {
  describe("lastLine", () => {
    it.effect("is the last error, wherever its hint stands", () =>
      Effect.gen(function*() {
        const path = yield* written(`${"x".repeat(9_000)}\nerror: Cannot lock\n  hint: stop it\n`)
        assert.strictEqual(yield* lastLine(path), "Cannot lock")
      }))

    it.effect("is the last line where no error is told of", () =>
      Effect.gen(function*() {
        assert.strictEqual(yield* lastLine(yield* written("a\nb\n")), "b")
      }))

    it.effect("says so where nothing is there", () =>
      Effect.gen(function*() {
        assert.strictEqual(yield* lastLine("/nowhere/at/all"), "it said nothing")
      }))
  })

  describe("putAside", () => {
    it.effect("leaves a short log where it is, and moves a long one", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const short = yield* written("a")
        const long = yield* written("x".repeat(LOG_BYTES_MAX + 1))
        yield* putAside(short)
        yield* putAside(long)

        assert.isTrue(yield* fs.exists(short))
        assert.isFalse(yield* fs.exists(long))
        assert.isTrue(yield* fs.exists(`${long}.1`))
      }))
  })
})
