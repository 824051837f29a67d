import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { httpExchange } from "../http_exchange.ts"
import { makeScriptedApi, type ScriptedApi } from "./scripted_api.ts"
import { say } from "./turn.ts"

/** Asks as a client would that knows only HTTP. */
const asking = Effect.fnUntraced(function*({ url }: ScriptedApi) {
  const { hostname, port } = new URL(url)
  const ask = yield* httpExchange({ host: hostname, port: Number(port) })
  return (method: string, path: string, body?: object) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    return Effect.map(ask({ method, path, headers: {}, body: text }), (reply) => {
      if ("brokeOff" in reply) return reply.brokeOff
      return `${reply.status} ${reply.text}`
    })
  }
})

const question = {
  model: "m",
  messages: [{ role: "user", content: "hello" }],
  tools: [{ name: "Bash" }]
}

describe("ScriptedApi", () => {
  it.live("answers in one piece or as a stream, as it is asked to", () =>
    Effect.gen(function*() {
      const api = yield* makeScriptedApi({ main: [say("one"), say("two")] })
      const ask = yield* asking(api)

      assert.include(yield* ask("POST", "/v1/messages", question), `"text":"one"`)
      const stream = yield* ask("POST", "/v1/messages?beta=true", { ...question, stream: true })
      assert.include(stream, `event: message_start`)
      assert.include(stream, `{"type":"text_delta","text":"two"}`)
    }).pipe(Effect.scoped))

  it.live("has a harmless answer to all else", () =>
    Effect.gen(function*() {
      const ask = yield* asking(yield* makeScriptedApi())

      assert.strictEqual(yield* ask("HEAD", "/"), "200 ")
      assert.include(yield* ask("POST", "/v1/messages/count_tokens", question), "input_tokens")
      assert.include(yield* ask("GET", "/v1/models?limit=1"), `"data":[]`)
    }).pipe(Effect.scoped))

  it.live("shows a request while a gate keeps its answer back", () =>
    Effect.gen(function*() {
      const api = yield* makeScriptedApi()
      const gate = yield* api.gate(0)
      const ask = yield* asking(api)
      const asked = yield* Effect.forkChild(ask("POST", "/v1/messages", question))

      assert.strictEqual(yield* gate.reached, yield* api.awaitMain(0))
      yield* api.play(say("written meanwhile"))
      yield* gate.open
      assert.include(yield* Fiber.join(asked), "written meanwhile")
    }).pipe(Effect.scoped))

  it.live("uses up no turn where the client breaks off", () =>
    Effect.gen(function*() {
      const api = yield* makeScriptedApi({ main: [say("kept")] })
      const gate = yield* api.gate(0)
      const leaving = yield* Effect.forkChild(Effect.scoped(
        Effect.flatMap(asking(api), (ask) => ask("POST", "/v1/messages", question))
      ))
      yield* gate.reached
      yield* Fiber.interrupt(leaving)
      const ask = yield* asking(api)

      assert.include(yield* ask("POST", "/v1/messages", question), "kept")
    }).pipe(Effect.scoped))
})
