import { assert, describe, it } from "@effect/vitest"
import { pluginFiles } from "./plugin_files.ts"

const files = pluginFiles({
  version: "1.2.3",
  executable: { program: "/opt/o'node", args: ["/opt/claudemesh.js"] },
  skill: "# Skill"
})
const hooks = files.get("hooks/hooks.json") ?? ""

describe("pluginFiles", () => {
  it("makes the folder that the client loads by itself", () => {
    assert.deepStrictEqual([...files.keys()], [
      ".claude-plugin/plugin.json",
      ".mcp.json",
      "hooks/hooks.json",
      "skills/claudemesh/SKILL.md"
    ])
    assert.strictEqual(files.get("skills/claudemesh/SKILL.md"), "# Skill")
  })

  it("starts the push pipe", () => {
    assert.deepStrictEqual(JSON.parse(files.get(".mcp.json") ?? ""), {
      mcpServers: {
        claudemesh: {
          command: "/opt/o'node",
          args: ["--lite-mode", "/opt/claudemesh.js", "mcp"]
        }
      }
    })
  })

  it("gives no flags of a Node to a program of its own", () => {
    const { claudemesh } = JSON.parse(
      pluginFiles({ version: "1", executable: { program: "claudemesh", args: [] }, skill: "" })
        .get(".mcp.json") ?? ""
    ).mcpServers

    assert.deepStrictEqual(claudemesh, { command: "claudemesh", args: ["mcp"] })
  })

  it("has the pipe answer hooks, with the fields that it looks at", () => {
    const [stop] = JSON.parse(hooks).hooks.Stop

    assert.deepStrictEqual(stop.hooks[0].input, {
      event: "Stop",
      session_id: "${session_id}",
      agent_id: "${agent_id}",
      prompt: "${prompt}",
      transcript_path: "${transcript_path}",
      permission_mode: "${permission_mode}",
      notification_type: "${notification_type}"
    })
  })

  it("has a hook wait as the agent comes to rest, which wakes it", () => {
    for (const event of ["SessionStart", "Stop"]) {
      const [{ hooks: [, waiting] }] = JSON.parse(hooks).hooks[event]

      assert.isTrue(waiting.asyncRewake)
      assert.match(waiting.command, / hook rewake$/)
    }
  })

  it("has a monitor only where it is asked for", () => {
    const monitored = pluginFiles({
      version: "1.2.3",
      executable: { program: "/opt/node", args: [] },
      skill: "# Skill",
      monitor: true
    })

    assert.isFalse(files.has("monitors/monitors.json"))
    assert.strictEqual(
      JSON.parse(monitored.get("monitors/monitors.json") ?? "")[0].command,
      "'/opt/node' hook monitor"
    )
  })

  it("runs a command as a session begins, its words quoted", () => {
    const [begin] = JSON.parse(hooks).hooks.SessionStart

    assert.strictEqual(
      begin.hooks[0].command,
      String.raw`'/opt/o'\''node' '/opt/claudemesh.js' hook SessionStart`
    )
  })
})
