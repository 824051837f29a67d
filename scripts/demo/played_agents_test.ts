import { type ApiRequest, call, say } from "@claudemesh/testkit/claude_code"
import { assert, describe, it } from "@effect/vitest"
import {
  ANSWER,
  isShown,
  makeAnswering,
  makeAsking,
  messageIn,
  type PlayedAgent,
  QUESTION,
  SAID_AT_LAST
} from "./played_agents.ts"

describe("the one who asks", () => {
  it("looks who is there, asks the first, waits, and says what was answered", () => {
    const agent = makeAsking()
    const peers = "ada\tonline\tlaptop\nbob\tonline\tdesk"

    assert.deepStrictEqual(
      [
        turnOf(agent, []),
        turnOf(agent, [peers]),
        turnOf(agent, [peers, "01a2 queued"]),
        turnOf(agent, [peers, "01a2 queued"], messageOf(ANSWER))
      ],
      [
        run("claudemesh peers"),
        run(`claudemesh send ada '${QUESTION}'`),
        say("I have asked, and wait for the answer"),
        say(SAID_AT_LAST)
      ]
    )
    assert.lengthOf(agent.ran, 2)
  })
})

describe("the one who answers", () => {
  it("looks it up first, and does so once, by the command below the question", () => {
    const agent = makeAnswering()
    const question = messageOf(QUESTION)
    const [file = "", text = ""] = Object.entries(agent.files)[0] ?? []

    assert.deepStrictEqual(
      [turnOf(agent, []), turnOf(agent, [], question), turnOf(agent, [text], question)],
      [
        say("I am ready"),
        run(`cat ${file}`),
        run(`claudemesh send bob --mesh home --reply-to 01a2 '${ANSWER}'`)
      ]
    )
    turnOf(agent, [text, "01a3 queued"], question)
    assert.lengthOf(agent.ran, 2)
    assert.include(text, ANSWER.slice(0, 4))
  })
})

describe("messageIn", () => {
  it("leaves out what the client puts around a peer's words", () => {
    const request = requestOf([`<reminder>${messageOf(QUESTION)}\n</reminder>`])

    assert.strictEqual(messageIn(request, QUESTION), messageOf(QUESTION))
    assert.isFalse(isShown(request, ANSWER))
  })
})

function turnOf({ script }: PlayedAgent, results: ReadonlyArray<string>, ...texts: Array<string>) {
  return typeof script === "function" ? script(requestOf(texts, results)) : undefined
}

function run(command = "") {
  return call("Bash", { command, description: "As asked" })
}

function messageOf(words: string): string {
  return [
    "[claudemesh id=01a2 from=bob]",
    `| ${words}`,
    `[/claudemesh id=01a2] To answer: claudemesh send bob --mesh home --reply-to 01a2 "…"`
  ].join("\n")
}

function requestOf(texts: ReadonlyArray<string>, results: ReadonlyArray<string> = []): ApiRequest {
  const content = [
    ...results.map((content) => ({ type: "tool_result", content })),
    ...texts.map((text) => ({ type: "text", text }))
  ]
  return {
    method: "POST",
    path: "/v1/messages",
    headers: {},
    json: {},
    body: { model: "none", messages: [{ role: "user", content }] },
    kind: "main",
    number: 0,
    agentId: undefined,
    arrivedMillis: 0
  }
}
