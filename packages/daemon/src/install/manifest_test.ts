import { NodeFileSystem } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync } from "node:fs"
import { temporaryDirectory } from "../testing/temporary_home.ts"
import { type Manifest, manifestIn, NOTHING, readManifest, writeManifest } from "./manifest.ts"
import { write } from "./testing/made_place.ts"

const manifest: Manifest = {
  version: 1,
  directories: ["/a"],
  files: [{
    path: "/a/b",
    sha256: "00",
    before: { base64: "AAE=", mode: 0o600 },
    status_line: { ours: "x" }
  }]
}

layer(NodeFileSystem.layer)("the manifest", (it) => {
  it.effect("is read as it was written", () =>
    Effect.gen(function*() {
      const home = yield* temporaryDirectory
      mkdirSync(`${home}/data`)
      assert.strictEqual(yield* readManifest(home), NOTHING)
      yield* writeManifest(home, manifest)

      assert.deepStrictEqual(yield* readManifest(home), manifest)
    }))

  it.effect("is refused where it is none of ours, with what to do", () =>
    Effect.gen(function*() {
      const home = yield* temporaryDirectory
      for (const text of ["", "{}", "{\"version\":2,\"directories\":[],\"files\":[]}"]) {
        write(home, { "data/install.json": text })
        const refusal = yield* Effect.flip(readManifest(home))
        assert.include(refusal.message, `Cannot read "${manifestIn(home)}": it is no manifest`)
      }
    }))
})
