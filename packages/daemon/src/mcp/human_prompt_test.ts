import { assert, describe, it } from "@effect/vitest"
import { isHumanPrompt } from "./human_prompt.ts"

describe("isHumanPrompt", () => {
  it.for(["Hello", "What is <task-notification>?", "/compact", "Fix <div>\nplease"])(
    "takes %j for a human's word",
    (prompt) => assert.isTrue(isHumanPrompt(prompt))
  )

  it.for([
    "",
    " \n",
    "<cross-session-message from=\"x\">\nhi\n</cross-session-message>",
    "Another Claude session sent a message:\n<cross-session-message from=\"x\">",
    "<task-notification>\n<task-id>1",
    "\n<system-reminder>\n[SYSTEM NOTIFICATION"
  ])("does not take %j for one", (prompt) => assert.isFalse(isHumanPrompt(prompt)))
})
