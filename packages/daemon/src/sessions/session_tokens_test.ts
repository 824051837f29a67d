import { NodeFileSystem } from "@effect/platform-node"
import { SessionId } from "@claudemesh/protocol"
import { fromBase64Url } from "@claudemesh/protocol/crypto"
import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { temporaryDirectory } from "../testing/temporary_home.ts"
import { hashToken, issueToken, removeToken, tokenFile } from "./session_tokens.ts"

const environment = Layer.merge(NodeFileSystem.layer, layerSeededRandom("tokens"))

describe("issueToken", () => {
  it.effect("answers with the hash of what the file holds, another one each time", () =>
    Effect.gen(function*() {
      const run = yield* temporaryDirectory
      const first = yield* issueToken(run, id)

      const second = yield* issueToken(run, id)

      const token = Redacted.make(fromBase64Url(readFileSync(tokenFile(run, id), "utf8")))
      assert.strictEqual(second, hashToken(token))
      assert.notStrictEqual(first, second)
    }).pipe(Effect.provide(environment)))

  it.effect("refuses where no file can be written", () =>
    Effect.gen(function*() {
      const refusal = yield* Effect.flip(issueToken("/proc", id))

      assert.strictEqual(refusal.code, "home_unusable")
    }).pipe(Effect.provide(environment)))
})

describe("removeToken", () => {
  it.effect("removes it, if it is still there", () =>
    Effect.gen(function*() {
      const run = yield* temporaryDirectory
      yield* issueToken(run, id)

      yield* removeToken(run, id)
      yield* removeToken(run, id)

      assert.isFalse(existsSync(tokenFile(run, id)))
    }).pipe(Effect.provide(environment)))
})

const id = SessionId.make("00000000-0000-4000-8000-000000000001")
