import { assert, describe, it } from "@effect/vitest"
import { RegisteredSession } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { asDaemon } from "../testing/command_line.ts"
import { polledSession } from "./polled_session.ts"

const registered = RegisteredSession.make({
  id: RegisteredSession.fields.id.make("11111111-2222-4333-8444-555555555555"),
  name: "api",
  cwd: "/src/api",
  pid: 7,
  mode: "inbox",
  unprompted: false,
  status: "idle",
  started_at: 0,
  token_file: "/run/x.token"
})

const described = { role: "reviewer", groups: [{ name: "all" }], caps: ["read"] as const }

describe("polledSession", () => {
  it.effect("is registered without a push, and ended with the scope", () =>
    Effect.gen(function*() {
      const calls: Array<unknown> = []
      const daemon = asDaemon({
        sessions: {
          register: ({ payload }) => {
            calls.push([payload.mode, payload.pid, payload.role, payload.groups, payload.caps])
            return Effect.succeed(registered)
          },
          end: ({ params }) => {
            calls.push(["end", params.id])
            return Effect.succeed(registered)
          }
        }
      })
      const file = yield* Effect.scoped(
        polledSession(daemon, { ...described, agent: "codex", cwd: "/src/api", mode: "push" })
      )

      assert.strictEqual(file, "/run/x.token")
      assert.deepStrictEqual(calls, [["inbox", process.pid, "reviewer", [{ name: "all" }], [
        "read"
      ]], [
        "end",
        registered.id
      ]])
    }))
})
