import { refused } from "@claudemesh/protocol/errors"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { asDaemon } from "../testing/command_line.ts"
import { mesh, offlineMesh, peer } from "../testing/samples.ts"
import { agentNamed } from "./agents.ts"
import { launchOf, onlineNow, type Planned } from "./launch_plan.ts"

const planned: Planned = {
  agent: Result.getOrThrow(agentNamed("codex")),
  program: "/bin/codex",
  args: ["fix it"],
  session: { conversation: { type: "continued" } },
  answers: { name: "api", mode: "push", role: "", groups: "all" },
  mesh,
  carriers: ""
}

describe("launchOf", () => {
  it("promises an agent without our plugin no more than it can do", () => {
    const { carrier, command } = launchOf(planned, [])

    assert.strictEqual(carrier, "nothing is pushed to Codex: it reads with claudemesh inbox")
    assert.deepStrictEqual(command, ["/bin/codex", "fix it"])
  })

  it("promises the carriers that the user lets it have", () => {
    const agent = Result.getOrThrow(agentNamed("claude"))
    const claude = { ...planned, agent, program: "/bin/claude" }
    const expected = [["", "socket"], ["hook, rewake", "hook, rewake"], [" , ", "socket"]] as const
    for (const [carriers, words] of expected) {
      const { carrier } = launchOf({ ...claude, carriers }, [])
      assert.strictEqual(carrier, `messages arrive by ${words}`)
    }
    assert.include(launchOf({ ...planned, carriers: "hook" }, []).carrier, "nothing is pushed")
  })

  it("reads what was answered of role and groups", () => {
    const answers = { role: "reviewer", groups: "web:lead,all" }
    const launch = launchOf({ ...planned, answers }, [])

    assert.deepInclude(launch, {
      role: "reviewer",
      groups: [{ name: "web", role: "lead" }, { name: "all" }]
    })
  })

  it("hands on what the agent is limited to, and that it is limited to nothing", () => {
    const limited = launchOf({ ...planned, answers: { caps: "dm,read" } }, [])
    const lifted = launchOf({ ...planned, answers: { caps: "all" } }, [])

    assert.deepStrictEqual(limited.caps, ["dm", "read"])
    assert.deepStrictEqual(limited.environment, { CLAUDEMESH_SESSION_CAPS: "dm,read" })
    assert.notProperty(lifted, "caps")
    assert.deepStrictEqual(lifted.environment, { CLAUDEMESH_SESSION_CAPS: "all" })
  })

  it("leaves out what is not said", () => {
    const launch = launchOf({ ...planned, answers: {}, mesh: undefined }, [])

    assert.notProperty(launch, "name")
    assert.notProperty(launch, "mesh")
    assert.notProperty(launch, "role")
    assert.notProperty(launch, "groups")
    assert.notProperty(launch, "caps")
    assert.deepStrictEqual(launch.environment, {})
  })

  it("says that the mesh is out of reach", () => {
    const { trouble } = launchOf({ ...planned, mesh: offlineMesh }, [])

    assert.include(trouble, "home is offline")
  })
})

describe("onlineNow", () => {
  it.effect("names the others who are connected", () =>
    Effect.gen(function*() {
      const items = [peer, { ...peer, self: true }, { ...peer, state: "gone" as const }]
      const daemon = asDaemon({
        roster: { peers: () => Effect.succeed({ mesh: mesh.mesh, mesh_name: "home", items }) }
      })

      assert.deepStrictEqual(yield* onlineNow(daemon, mesh), ["bob"])
    }))

  it.effect("names nobody where that cannot be said", () =>
    Effect.gen(function*() {
      const daemon = asDaemon({
        roster: { peers: () => Effect.fail(refused("internal", "It failed")) }
      })

      assert.deepStrictEqual(yield* onlineNow(daemon, undefined), [])
    }))
})
