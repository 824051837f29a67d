import { assert, describe, it } from "@effect/vitest"
import { agentEnvironment } from "./agent_environment.ts"

describe("agentEnvironment", () => {
  it("says what is known, and takes out what another launch has said", () => {
    assert.deepStrictEqual(agentEnvironment({ name: "api", mode: "push", role: "" }), {
      CLAUDEMESH_SESSION_NAME: "api",
      CLAUDEMESH_SESSION_MESH: undefined,
      CLAUDEMESH_SESSION_MODE: "push",
      CLAUDEMESH_SESSION_ROLE: undefined,
      CLAUDEMESH_SESSION_GROUPS: undefined,
      CLAUDEMESH_SESSION_TOKEN_FILE: undefined
    })
  })

  it("says what the agent is limited to, and leaves the limit of another that launches it", () => {
    assert.deepInclude(agentEnvironment({ caps: "dm,read" }), {
      CLAUDEMESH_SESSION_CAPS: "dm,read"
    })
    assert.deepInclude(agentEnvironment({ caps: "all" }), { CLAUDEMESH_SESSION_CAPS: "all" })
    assert.notProperty(agentEnvironment({}), "CLAUDEMESH_SESSION_CAPS")
  })

  it("names the token's file, never the token", () => {
    const { CLAUDEMESH_SESSION_TOKEN_FILE } = agentEnvironment({}, "/run/x.token")

    assert.strictEqual(CLAUDEMESH_SESSION_TOKEN_FILE, "/run/x.token")
  })
})
