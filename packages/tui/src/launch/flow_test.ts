import { MeshStatus } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { idOf, mesh } from "../testing/samples.ts"
import {
  type Answers,
  asked,
  filled,
  guessed,
  type LaunchState,
  meshOf,
  nextStep,
  recalled,
  steps
} from "./flow.ts"

const work = { ...mesh, mesh: MeshStatus.fields.mesh.make(idOf("m", "b")), name: "work" }

const start: LaunchState = {
  agent: "Claude Code",
  folder: "My API",
  meshes: [mesh],
  resumes: false,
  answers: {},
  asked: []
}

const two: LaunchState = { ...start, meshes: [{ ...mesh }, { ...work, current: false }] }

function refusalOf(answers: Answers, state = start) {
  return Result.getOrThrow(Result.flip(filled(state, answers)))
}

describe("nextStep", () => {
  it("asks nothing where all can be guessed", () => {
    const state = guessed(start)

    assert.isUndefined(nextStep(state))
    assert.deepStrictEqual(state.answers, {
      mesh: mesh.mesh,
      name: "my-api",
      role: "",
      groups: "",
      mode: "push"
    })
  })

  it("asks which of several meshes, and then whether to start", () => {
    const state = guessed(two)
    assert.strictEqual(nextStep(state)?.id, "mesh")

    const chosen = Result.getOrThrow(filled(asked(state, "mesh"), { mesh: "work" }))
    assert.strictEqual(nextStep(chosen)?.id, "confirm")
    assert.isUndefined(nextStep(Result.getOrThrow(filled(chosen, { confirm: "y" }))))
  })

  it("asks for a name where the directory has none that can be one", () => {
    assert.strictEqual(nextStep(guessed({ ...start, folder: "日本" }))?.id, "name")
  })

  it("asks nothing of a session that is resumed: the daemon knows it", () => {
    const state = guessed({ ...two, resumes: true })

    assert.isUndefined(nextStep(state))
    assert.deepStrictEqual(state.answers, {})
  })
})

describe("filled", () => {
  it("takes what was given over what could be guessed", () => {
    const described = { groups: "all, web:lead", role: "reviewer", caps: "Read, dm" }
    const given = { name: "Worker", mode: "inbox", ...described }
    const { answers } = guessed(Result.getOrThrow(filled(start, given)))

    assert.deepInclude(answers, {
      name: "worker",
      mode: "inbox",
      groups: "all,web:lead",
      role: "reviewer",
      caps: "read,dm"
    })
  })

  it.each(["work", work.mesh, work.mesh.slice(2, 9)])("finds a mesh by %s", (typed) => {
    const { answers } = Result.getOrThrow(filled(two, { mesh: typed }))

    assert.strictEqual(meshOf(answers, [mesh, work]), work)
  })

  it("refuses a mesh that is none of ours, and names them", () => {
    const { candidates, code } = refusalOf({ mesh: "nope" }, two)

    assert.deepStrictEqual({ candidates, code }, {
      candidates: ["home", "work"],
      code: "mesh_not_found"
    })
  })

  it.each([
    [{ name: "No Name" }, "bad_name"],
    [{ role: "two words" }, "bad_name"],
    [{ groups: "a b" }, "usage"],
    [{ mode: "loud" }, "usage"],
    [{ caps: "fly" }, "usage"],
    [{ confirm: "perhaps" }, "usage"]
  ])("refuses %j", (answers, code) => {
    assert.strictEqual(refusalOf(answers).code, code)
  })
})

describe("the step of capabilities", () => {
  it("asks nobody, and says nothing by itself", () => {
    assert.notProperty(guessed(start).answers, "caps")
    assert.deepInclude(recalled(start, { caps: "dm" }).answers, { caps: "dm" })
    assert.deepInclude(Result.getOrThrow(filled(start, { caps: "all" })).answers, { caps: "all" })
  })
})

describe("recalled", () => {
  it("keeps what is said today, and leaves out what does not fit any more", () => {
    const today = Result.getOrThrow(filled(start, { name: "today" }))
    const { answers } = recalled(today, { name: "then", mesh: idOf("m", "z"), mode: "off" })

    assert.deepStrictEqual(answers, { name: "today", mode: "off" })
  })
})

describe("steps", () => {
  it.each(steps.map((step) => [step.id, step] as const))(
    "take the answer that %s proposes",
    (_, { fill, show }) => {
      const { otherwise = "" } = show(two)

      assert.isTrue(Result.isSuccess(fill(two, otherwise)))
    }
  )
})
