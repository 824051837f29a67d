import { refused } from "@claudemesh/protocol/errors"
import { MeshStatus } from "@claudemesh/protocol/local_api"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Option } from "effect"
import { TypedLine } from "../../launch/typed_line.ts"
import { agentShell } from "../../testing/agent_shell.ts"
import { documentOf, type Played, type Surroundings, type } from "../../testing/command_line.ts"
import { idOf, mesh, offlineMesh, peer, session } from "../../testing/samples.ts"

const work = { ...mesh, mesh: MeshStatus.fields.mesh.make(idOf("m", "b")), name: "work" }

function daemonIn(...meshes: ReadonlyArray<typeof mesh>): Played {
  return {
    meshes: { list: () => Effect.succeed({ items: meshes }) },
    sessions: {
      list: () => Effect.succeed({ items: [session] }),
      ended: () => Effect.succeed({ items: [] })
    },
    roster: {
      peers: () =>
        Effect.succeed({
          mesh: mesh.mesh,
          mesh_name: "home",
          items: [{ ...peer, self: true }, peer]
        })
    }
  }
}

/** A home that may be written to. */
const temporary = FileSystem.FileSystem.use((fs) => fs.makeTempDirectoryScoped({ prefix: "cm-" }))
  .pipe(Effect.provide(NodeServices.layer))

const env = { CLAUDE_BIN: "/bin/true", HOME: "/nowhere" }

function dryRun(words: ReadonlyArray<string>, more: Surroundings = {}) {
  return type(["launch", "--dry-run", ...words], { daemon: daemonIn(mesh), env, ...more })
}

/** Plays somebody at the terminal who types these lines. */
function typing(...lines: ReadonlyArray<string>) {
  const left = [...lines]
  return Effect.provideService(
    TypedLine,
    Effect.sync(() => Option.fromUndefinedOr(left.shift()))
  )
}

describe("launch --dry-run", () => {
  it.effect("judges what is typed before it joins or makes a mesh for it", () =>
    Effect.gen(function*() {
      for (const typed of [["--caps", "dm,fly"], ["--groups", "A B"], ["--name", "a b"]]) {
        const { stderr } = yield* type(["launch", "--yes", ...typed], { env })
        assert.include(stderr, `"${typed[1]}"`)
      }
    }))

  it.effect("says as one document what the agent would be given", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* dryRun(["--json", "--name", "api", "--", "-p", "hi"])
      const { item = {} } = yield* documentOf(stdout)
      const command = item["command"]

      assert.strictEqual(exit, 0)
      assert.deepInclude(item, {
        agent: "claude",
        name: "api",
        mesh_name: "home",
        mode: "push",
        online: ["bob"],
        unread: 1
      })
      assert.isArray(command)
      assert.match(
        String(command).replaceAll(",", " "),
        /^\/bin\/true --session-id [0-9a-f-]{36} --name api --plugin-dir \/nowhere\/home\/run\/launch\/claudemesh -p hi$/
      )
    }))

  it.effect("says what it does and in which groups, and hands both on", () =>
    Effect.gen(function*() {
      const words = ["--name", "api", "--role", "Reviewer", "--groups", "web:lead, all"]
      const { stdout } = yield* dryRun(words)
      const { item = {} } = yield* documentOf((yield* dryRun(["--json", ...words])).stdout)

      assert.include(stdout, "api in home · reviewer · groups: web:lead, all · messages arrive")
      assert.deepInclude(item, {
        role: "reviewer",
        groups: [{ name: "web", role: "lead" }, { name: "all" }]
      })
      assert.deepInclude(item["environment"], {
        CLAUDEMESH_SESSION_ROLE: "reviewer",
        CLAUDEMESH_SESSION_GROUPS: "web:lead,all"
      })
    }))

  it.effect("limits it to capabilities, says so, and hands them on", () =>
    Effect.gen(function*() {
      const words = ["--name", "api", "--caps", "DM,read"]
      const { stdout } = yield* dryRun(words)
      const { item = {} } = yield* documentOf((yield* dryRun(["--json", ...words])).stdout)

      assert.include(stdout, "api in home · may only: dm, read · messages arrive")
      assert.deepInclude(item, { caps: ["dm", "read"] })
      assert.deepInclude(item["environment"], { CLAUDEMESH_SESSION_CAPS: "dm,read" })
    }))

  it.effect("takes no capabilities from an agent that launches another", () =>
    Effect.gen(function*() {
      const shell = yield* agentShell
      const { exit, stderr } = yield* dryRun(["--caps", "all"], { env: { ...env, ...shell } })

      assert.strictEqual(exit, 6)
      assert.include(stderr, "Cannot launch with --caps \"all\" within an agent")
      assert.strictEqual((yield* dryRun([], { env: { ...env, ...shell } })).exit, 0)
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("resumes the session of a name", () =>
    Effect.gen(function*() {
      const { stdout } = yield* dryRun(["--resume", "api"])

      assert.include(stdout, `--resume ${session.id}`)
    }))

  it.effect("says what is in the way", () =>
    Effect.gen(function*() {
      const { stdout } = yield* dryRun(["--name", "api"], { daemon: daemonIn(offlineMesh) })

      assert.include(stdout, "api in home · home is offline: nothing listens there")
      assert.notInclude(stdout, "online:")
    }))
})

describe("launch", () => {
  it.effect("names the flag that answers what it may not ask", () =>
    Effect.gen(function*() {
      const daemon = daemonIn(mesh, { ...work, current: false })
      const seen = yield* Effect.forEach([{}, { CI: "1" }, { CLAUDECODE: "1" }], (more) =>
        dryRun([], { daemon, terminal: true, env: { ...env, ...more } }).pipe(typing()))
      const flagged = yield* dryRun(["--no-input"], { daemon, terminal: true })
      const piped = yield* dryRun([], { daemon })

      assert.deepStrictEqual(
        seen.map(({ exit }) =>
          exit
        ),
        [130, 2, 2]
      )
      for (const { exit, stderr } of [flagged, piped]) {
        assert.strictEqual(exit, 2)
        assert.include(stderr, "give --mesh")
        assert.include(stderr, "did you mean: home, work")
      }
    }))

  it.effect("asks again for what is no answer, and whether to start", () =>
    Effect.gen(function*() {
      const daemon = daemonIn(mesh, { ...work, current: false })
      const { exit, stderr, stdout } = yield* dryRun([], { daemon, terminal: true }).pipe(
        typing("nope", "2", "y")
      )

      assert.strictEqual(exit, 0)
      assert.include(stderr, "Cannot launch into \"nope\"")
      assert.include(stdout, "in work")
    }))

  it.effect("takes what is proposed with -y, and asks nothing", () =>
    Effect.gen(function*() {
      const daemon = daemonIn(mesh, { ...work, current: false })
      const { exit, stdout } = yield* dryRun(["-y"], { daemon })

      assert.strictEqual(exit, 0)
      assert.include(stdout, "in home")
      assert.notMatch(stdout, /permission|dangerous/)
    }))

  it.effect("takes another link in the place of one that has expired", () =>
    Effect.gen(function*() {
      const { meshes, ...daemon } = daemonIn(mesh)
      const links: Array<string> = []
      function join({ payload: { link } }: { readonly payload: { readonly link: string } }) {
        links.push(link)
        return link === "old"
          ? Effect.fail(refused("invite_expired", "Cannot join: the invite has expired"))
          : Effect.succeed(work)
      }
      function list() {
        return Effect.succeed({ items: links.includes("new") ? [mesh, work] : [mesh] })
      }
      const played = { ...daemon, meshes: { ...meshes, join, list } }
      const words = ["launch", "-q", "--mode", "push", "--join", "old"]
      const home = yield* temporary
      const around = { daemon: played, env: { ...env, CLAUDEMESH_HOME: home } }
      const asked = yield* type(words, { ...around, terminal: true }).pipe(typing("new"))
      const piped = yield* type(words, around)

      assert.strictEqual(asked.exit, 0)
      assert.deepStrictEqual(links, ["old", "new", "old"])
      assert.strictEqual(piped.exit, 6)
      assert.include(piped.stderr, "the invite has expired")
    }))

  it.effect("names both ways into a mesh where there is none", () =>
    Effect.gen(function*() {
      const daemon: Played = {
        ...daemonIn(),
        roster: { peers: () => Effect.fail(refused("no_mesh", "There is no mesh")) }
      }
      const { exit, stderr } = yield* dryRun([], { daemon })

      assert.strictEqual(exit, 3)
      assert.include(stderr, "claudemesh up")
      assert.include(stderr, "claudemesh join LINK")
    }))

  it.effect.each(
    [
      [["clod"], 2, "did you mean: claude"],
      [["claude", "fix"], 2, "put -- before"],
      [["--mesh", "nope"], 3, "did you mean: home"],
      [["--groups", "a b"], 2, "is no group"],
      [["--name", "No Name"], 2, "as a name"],
      [["--role", "two words"], 2, "as a role"],
      [["--caps", "dm,fly"], 2, "Cannot use \"dm,fly\" as capabilities: write all, or some of dm"],
      [["--resume", "docs"], 3, "did you mean: api"]
    ] as const
  )("refuses %j", ([words, code, why]) =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* dryRun([...words])

      assert.strictEqual(exit, code)
      assert.include(stderr, why)
    }))

  it.effect("ends with 10 where the agent is not there", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* dryRun([], { env: { CLAUDE_BIN: "/nowhere/claude" } })

      assert.strictEqual(exit, 10)
      assert.include(stderr, "npm install -g @anthropic-ai/claude-code")
    }))

  it.effect("leaves role and groups of a session that goes on as they are, and keeps them for a new one", () =>
    Effect.gen(function*() {
      const home = yield* temporary
      const around = { daemon: daemonIn(mesh), env: { ...env, CLAUDEMESH_HOME: home } }
      const described = ["--name", "api", "--role", "reviewer", "--groups", "all"]
      yield* type(["launch", "-q", ...described], around)

      const continued = yield* type(["launch", "-c"], around)
      const begun = yield* type(["launch"], around)

      const [who, ...rest] = begun.stderr.trim().split(" · ")
      assert.deepStrictEqual([who, ...rest.slice(0, 2)], [
        "api in home",
        "reviewer",
        "groups: all"
      ])
      assert.strictEqual(
        continued.stderr.trim(),
        [who, ...rest.slice(2)].join(" · ")
      )
    }))

  it.effect("keeps the limit for a new session in the directory, but for one that an agent launches", () =>
    Effect.gen(function*() {
      const home = yield* temporary
      const around = { daemon: daemonIn(mesh), env: { ...env, CLAUDEMESH_HOME: home } }
      const within = { ...around, env: { ...around.env, ...(yield* agentShell) } }
      yield* type(["launch", "-q", "--name", "api", "--caps", "read"], around)

      const lines = yield* Effect.forEach(
        [around, within, around],
        (where) =>
          Effect.map(type(["launch"], where), ({ stderr }) => stderr.includes("may only: read"))
      )
      const continued = yield* type(["launch", "-c"], around)

      assert.deepStrictEqual(lines, [true, false, true])
      assert.notInclude(continued.stderr, "may only")
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("hands on the agent's exit code", () =>
    Effect.gen(function*() {
      const daemon = daemonIn(mesh)
      const home = yield* temporary
      const failing = { CLAUDE_BIN: "/bin/false", HOME: home, CLAUDEMESH_HOME: home }
      const { exit, stderr } = yield* type(["launch", "--name", "api"], { daemon, env: failing })

      assert.strictEqual(exit, 1)
      assert.strictEqual(
        stderr,
        "api in home · messages arrive by socket · online: bob · 1 unread\n"
      )
    }))
})
