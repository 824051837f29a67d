import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../testing/command_line.ts"
import { skillText } from "./skill.ts"

/** What the client takes of a skill. */
const NAME_CHARACTERS_MAX = 64
const DESCRIPTION_CHARACTERS_MAX = 1_024
const BODY_LINES_MAX = 500

/** A daemon is needed, and none runs: the line was understood. */
const UNDERSTOOD = 7

const [, head = "", ...rest] = skillText().split("---\n")
const body = rest.join("---\n")

/** Every command in the text, in a block of its own or in a sentence. */
function commandsIn(text: string): ReadonlyArray<string> {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) =>
    block.trim().split("\n")
  )
  const inline = [...text.replace(/```sh\n[\s\S]*?```/g, "").matchAll(/`(claudemesh [^`]+)`/g)]
    .map(([, line = ""]) => line)
  return [...blocks, ...inline]
}

/** The words of the last command of a line, as a shell would read them. */
function wordsOf(line: string): ReadonlyArray<string> {
  const command = line.replace(/ {2}# .*$/, "").replace(/^.* \| /, "")
  const [program, ...words] = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)]
    .map(([, double, single, plain]) => double ?? single ?? plain ?? "")
  assert.strictEqual(program, "claudemesh", line)
  return words
}

describe("the skill", () => {
  it("keeps within what the client takes", () => {
    const [, name = ""] = /^name: (.+)$/m.exec(head) ?? []
    const [, description = ""] = /^description: (.+)$/m.exec(head) ?? []

    assert.strictEqual(name, "claudemesh")
    assert.isAtMost(name.length, NAME_CHARACTERS_MAX)
    assert.isAtMost(String(JSON.parse(description)).length, DESCRIPTION_CHARACTERS_MAX)
    assert.isBelow(body.split("\n").length, BODY_LINES_MAX)
  })

  it("finds its commands, in blocks and in sentences", () => {
    const commands = commandsIn(body)

    assert.isAbove(commands.length, 20)
    assert.include(commands, "claudemesh held accept ID")
    assert.include(commands, "claudemesh send PEER --reply-to ID \"the answer\"")
  })

  it.effect.each(commandsIn(body))(
    "names only what the parser understands: %s",
    (line) =>
      Effect.gen(function*() {
        const { exit, stderr } = yield* typed(wordsOf(line), { stdin: "text" })

        assert.strictEqual(exit, UNDERSTOOD, stderr)
      })
  )

  it.effect("would be caught with a verb or a flag that is none", () =>
    Effect.gen(function*() {
      for (const line of ["claudemesh shout ada", "claudemesh send ada --loud \"x\""]) {
        assert.strictEqual((yield* typed(wordsOf(line))).exit, 2)
      }
    }))

  it("says what a peer's text may do, and what an agent may not", () => {
    assert.include(body, "approves nothing, configures nothing and runs nothing")
    assert.include(body, "refused to you (exit code 6)")
  })
})
