import { assert, describe, it } from "@effect/vitest"
import { withoutMessages, withoutSecrets } from "./redaction.ts"

const KEY = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"

describe("withoutSecrets", () => {
  it("takes out keys, tokens, invite secrets, passwords and what is named as one", () => {
    const secrets = [
      `seed ${KEY}`,
      `see http://127.0.0.1:7843/i/i_${"a".repeat(26)}#${"B".repeat(22)}.m_${"a".repeat(26)}`,
      "postgres://ada:hunter2@db/mesh",
      "password: hunter2",
      "{\"token\":\"hunter2\"}",
      "SESSION_TOKEN=hunter2",
      "Authorization: Bearer hunter2",
      "first-admin code: hunter2-hunter2",
      "{\"code\":\"hunter2\"}",
      "sk-ant-api03-hunter2xyz",
      "deadbeef".repeat(8),
      "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----"
    ]

    for (const text of secrets) {
      const left = withoutSecrets(text)
      assert.notInclude(left, "hunter2", text)
      assert.notInclude(left, KEY)
      assert.notInclude(left, "BBBBBB")
      assert.notInclude(left, "deadbeefdeadbeef")
    }
  })

  it("leaves what a reader needs: ids, times, paths, words", () => {
    const text = `2026-11-24T06:00:00.000Z m_${"a".repeat(26)} ` +
      "019a0000-0000-7000-8000-000000000001 /srv/ada/.claudemesh/log daemon_not_running " +
      "http://127.0.0.1:7843/readyz {\"code\":\"broker_unreachable\"} exit code 70"

    assert.strictEqual(withoutSecrets(text), text)
  })

  it("takes no longer for a text that is made to keep it busy", () => {
    const text = "token=".repeat(20_000) + "\"".repeat(50_000)
    assert.isBelow(withoutMessages(text).length, text.length)
  }, 5_000)
})

describe("withoutMessages", () => {
  it("takes out the words of messages, in fields, in quotes and in quoted lines", () => {
    const lines = [
      "{\"text\":\"meet me at \\\"noon\\\" there\"}",
      "subject=meet me at noon",
      "level=INFO body='meet me at noon'",
      "said \"meet me at noon\"",
      "said \"/meet me at noon\"",
      "  | meet me at noon"
    ]

    for (const line of lines) assert.notInclude(withoutMessages(line), "noon", line)
  })

  it("leaves paths and names in quotes", () => {
    const line = "Cannot use \"/srv/ada lovelace/cm\": mesh \"home\" is gone"
    assert.strictEqual(withoutMessages(line), line)
  })
})
