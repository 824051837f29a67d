import { refused } from "@claudemesh/protocol/errors"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem } from "effect"
import { type Played, type } from "../testing/command_line.ts"
import { invite, mesh } from "../testing/samples.ts"
import { hasNoKeys } from "./begin_mesh.ts"

const temporary = FileSystem.FileSystem.use((fs) => fs.makeTempDirectoryScoped({ prefix: "cm-" }))

/** A daemon that is in no mesh until it is looked at again. */
function beginning(invites: ReadonlyArray<typeof invite>): Played {
  let looks = 0
  return {
    meshes: { list: () => Effect.sync(() => ({ items: looks++ === 0 ? [] : [mesh] })) },
    roster: {
      peers: () =>
        looks < 2
          ? Effect.fail(refused("no_mesh", "There is no mesh"))
          : Effect.succeed({ mesh: mesh.mesh, mesh_name: "home", items: [] })
    },
    invites: { list: () => Effect.succeed({ items: invites }) }
  }
}

const launched = Effect.fnUntraced(function*(words: ReadonlyArray<string>) {
  const env = { CLAUDE_BIN: "/bin/true", HOME: "/nowhere", CLAUDEMESH_HOME: yield* temporary }
  const closed = { ...invite, state: "revoked" as const, link: "http://127.0.0.1:1/i/i_no#no" }
  return yield* type(["launch", "--name", "api", ...words], {
    daemon: beginning([closed, invite]),
    env
  })
}, Effect.provide(NodeServices.layer))

describe("beginMesh", () => {
  it.effect("says what was made, what ends it, and how somebody else enters it", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* launched(["-y"])

      assert.strictEqual(exit, 0)
      assert.include(stderr, "Made the mesh home: claudemesh down ends")
      assert.include(stderr, `claudemesh launch --join '${invite.link}'`)
      assert.include(stderr, "api in home")
    }))

  it.effect("says nothing of it to who wants quiet", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* launched(["-y", "--quiet"]), { exit: 0, stderr: "" })
    }))

  it.effect("is not what a dry run does", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* launched(["-y", "--dry-run"])

      assert.strictEqual(exit, 3)
      assert.include(stderr, "claudemesh up")
    }))
})

describe("hasNoKeys", () => {
  it.effect("tells a home that was never in a mesh", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* temporary
      const settings = ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: home })
      const look = Effect.provideService(hasNoKeys, ConfigProvider.ConfigProvider, settings)
      const absent = yield* look
      yield* fs.makeDirectory(`${home}/keys`)
      const empty = yield* look
      yield* fs.makeDirectory(`${home}/keys/a_mesh`)

      assert.deepStrictEqual([absent, empty, yield* look], [true, true, false])
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
