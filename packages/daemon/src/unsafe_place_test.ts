import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, symlinkSync } from "node:fs"
import { temporaryDirectory } from "./testing/temporary_home.ts"
import { remoteFileSystem, syncedFolder, unsafePlace } from "./unsafe_place.ts"

describe("unsafePlace", () => {
  it.effect("finds nothing wrong with a local directory, and looks behind links", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      mkdirSync(`${directory}/Dropbox`)
      symlinkSync(`${directory}/Dropbox`, `${directory}/home`)

      assert.isUndefined(yield* unsafePlace(directory))
      assert.include(yield* unsafePlace(`${directory}/home`), "copied elsewhere")
    }).pipe(Effect.provide(NodeFileSystem.layer)))
})

describe("syncedFolder", () => {
  it("knows the common ones, and takes no other for one", () => {
    for (
      const path of [
        "/u/ada/Dropbox/.claudemesh/data",
        "/u/ada/OneDrive - Example/x",
        "/u/ada/Library/Mobile Documents/com~apple~CloudDocs",
        "/u/ada/Library/CloudStorage/GoogleDrive-ada/x"
      ]
    ) {
      assert.isDefined(syncedFolder(path))
    }
    for (const path of ["/u/ada/.claudemesh/data", "/u/ada/dropbox-notes", "/u/ada/MyDropbox/x"]) {
      assert.isUndefined(syncedFolder(path))
    }
  })
})

describe("remoteFileSystem", () => {
  it("knows NFS and its like on Linux, and no number elsewhere", () => {
    assert.include(remoteFileSystem(0x6969, "linux"), "(NFS)")
    assert.isUndefined(remoteFileSystem(0xef53, "linux"))
    assert.isUndefined(remoteFileSystem(0x6969, "darwin"))
  })
})
