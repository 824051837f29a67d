/**
 * What `claudemesh` costs an agent before it does anything: its push pipe, a status line, and a launch.
 *
 * All are of the build, which is made first if the source is newer. They are started in turn, so that whatever else
 * the machine does meets all of them alike, and beside a Node that does nothing: whoever is written for Node cannot
 * take less.
 *
 * @module
 */
import { pipeArguments } from "@claudemesh/daemon/install"
import { EXECUTABLE } from "../../packages/tui/src/executable.ts"
import { makeLaunchPlace } from "../../packages/tui/src/launch/testing/launch_place.ts"
import { Effect, FileSystem } from "effect"
import { fileURLToPath } from "node:url"
import { grid, percentile, summed } from "./figures.ts"
import { type Memory, type Run, timedAnswer, timedRun, wallMillis } from "./load/timed_run.ts"
import type { Measured } from "./measured.ts"

const WARM_UP = 3
const MEASURED = 30

const BUILD = fileURLToPath(new URL("../build.ts", import.meta.url))

/** The line by which a client begins to speak with a server; the first one it asks is refused. */
const HANDSHAKE = [
  { method: "server/discover", id: 0, params: {} },
  {
    method: "initialize",
    id: 1,
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "bench", version: "1" }
    }
  }
].map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join("")

/** A Node that waits for input. */
const WAITS = "console.log(); process.stdin.resume()"

/** What is measured in each round, in order; the first is the least. */
const KINDS = [
  "node -e 0, from start to end",
  "statusline, from start to end",
  "push pipe, from start to its handshake",
  "launch, from start to the agent's"
] as const

/** Measures all of them. */
export const startUp = Effect.gen(function*() {
  const place = yield* makePlace
  const millis = KINDS.map((): Array<number> => [])
  const memories: Record<"node" | "pipe", Array<Memory>> = { node: [], pipe: [] }
  for (let round = 0; round < WARM_UP + MEASURED; round++) {
    const { memory, took } = yield* oneRound(place)
    if (round < WARM_UP) continue
    took.forEach((one, kind) => millis[kind]?.push(one))
    if (memory.node !== undefined) memories.node.push(memory.node)
    if (memory.pipe !== undefined) memories.pipe.push(memory.pipe)
  }
  return measuredOf(millis, memories)
})

type Place = Effect.Success<typeof makePlace>

/** A daemon in a mesh, and an agent that does nothing but write down when it was started. */
const makePlace = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const { ada, home } = yield* makeLaunchPlace()
  const env = { PATH: "/usr/bin:/bin", HOME: home.home, CLAUDEMESH_HOME: ada.home }
  yield* timedRun({ args: [BUILD], env })
  const stamp = `${home.temporary}/started_at`
  const agent = yield* home.write("bin/agent", `#!/bin/sh\nexec date +%s.%N > '${stamp}'\n`)
  yield* fs.chmod(agent, 0o755)
  return {
    env,
    cwd: home.project,
    agent,
    agentStartedAt: Effect.map(fs.readFileString(stamp), Number)
  }
})

const oneRound = Effect.fnUntraced(function*({ agent, agentStartedAt, cwd, env }: Place) {
  function ours(args: ReadonlyArray<string>, stdin?: string): Run {
    return { args: [EXECUTABLE, ...args], env: { ...env, CLAUDE_BIN: agent }, cwd, stdin }
  }
  const node = yield* timedRun({ args: ["-e", "0"], env })
  const waiting = yield* timedAnswer({ args: ["-e", WAITS], env }, () => true)
  const statusline = yield* timedRun(ours(["statusline"], JSON.stringify({ cwd })))
  const args = pipeArguments({ program: process.execPath, args: [EXECUTABLE] })
  const pipe = yield* timedAnswer({ args, env, cwd, stdin: HANDSHAKE }, isInitialized)
  const launched = wallMillis()
  yield* timedRun(ours(["launch", "--no-input", "--quiet"]))
  const launch = (yield* agentStartedAt) * 1_000 - launched
  return {
    took: [node, statusline, pipe.millis, launch],
    memory: { node: waiting.memory, pipe: pipe.memory }
  }
})

function isInitialized(line: string): boolean {
  return line.includes(`"id":1`) && line.includes("serverInfo")
}

type Memories = Readonly<Record<"node" | "pipe", ReadonlyArray<Memory>>>

function measuredOf(millis: ReadonlyArray<ReadonlyArray<number>>, memories: Memories): Measured {
  const times = KINDS.map((name, kind) => figureOf(name, millis[kind] ?? [], millis[0] ?? []))
  const sizes = SIZES.map(([name, whose, which]) => {
    const [own, floor] = [whose, "node" as const].map((one) =>
      memories[one].map((memory) => memory[which] / 1_024)
    )
    return figureOf(name, own ?? [], floor ?? [])
  })
  return {
    text: [
      grid("what is started, in ms", [HEAD, ...times.map(lineOf)]),
      grid("what waits, in MiB", [HEAD, ...sizes.map(lineOf)])
    ].join("\n\n"),
    figures: { startUp: times, memory: sizes }
  }
}

const HEAD = ["", "n", "min", "p50", "p95", "max", "of node"]

const SIZES = [
  ["a Node that waits, resident", "node", "rss"],
  ["a Node that waits, of it its own", "node", "anonymous"],
  ["push pipe, resident", "pipe", "rss"],
  ["push pipe, of it its own", "pipe", "anonymous"]
] as const

/** Sums up some values, beside those that are the least. */
function figureOf(name: string, values: ReadonlyArray<number>, floor: ReadonlyArray<number>) {
  const sums = summed(values)
  return Object.assign({ name, ofNode: sums.p50 / percentile(floor, 0.5) }, sums)
}

function lineOf({ count, max, min, name, ofNode, p50, p95 }: ReturnType<typeof figureOf>) {
  return [name, `${count}`, ...[min, p50, p95, max].map((one) => one.toFixed(1)), ofNode.toFixed(2)]
}
