import { assert, describe, it } from "@effect/vitest"
import { MeshStatus } from "@claudemesh/protocol/local_api"
import { NodeServices } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { Output } from "../cli/output.ts"
import { idOf, mesh } from "../testing/samples.ts"
import type { LaunchState } from "./flow.ts"
import { interview } from "./interview.ts"

const start: LaunchState = {
  agent: "Claude Code",
  folder: "api",
  meshes: [mesh, {
    mesh: MeshStatus.fields.mesh.make(idOf("m", "b")),
    name: "other",
    current: false
  }],
  resumes: false,
  answers: {},
  asked: []
}

const known = { given: {}, saved: {}, yes: false, mayAsk: false }

const held = Effect.fnUntraced(
  function*(more: Partial<typeof known>) {
    const output = yield* Output.make(undefined)
    return yield* interview(start, { ...known, ...more }).pipe(
      Effect.provideService(Output, output)
    )
  },
  Effect.provide(TerminalCapabilities.layer.pipe(Layer.provideMerge(NodeServices.layer)))
)

describe("interview", () => {
  it.effect("asks nothing where another day has answered", () =>
    Effect.gen(function*() {
      const { answers } = yield* held({ saved: { mesh: mesh.mesh, name: "worker" } })

      assert.deepInclude(answers, { mesh: mesh.mesh, name: "worker", mode: "push" })
    }))

  it.effect("refuses with the flag where it may not ask", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(held({}))

      assert.deepInclude(error, { code: "needs_input" })
      assert.include(error.message, "give --mesh")
    }))

  it.effect("takes what is proposed where the answer is yes to all", () =>
    Effect.gen(function*() {
      const { answers } = yield* held({ yes: true })

      assert.strictEqual(answers.mesh, mesh.mesh)
    }))
})
