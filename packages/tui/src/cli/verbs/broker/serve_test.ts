import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { createSteps } from "./serve.ts"

const here = "http://127.0.0.1:7843"
const firstAdminCode = Redacted.make("a-code")

describe("createSteps", () => {
  it("tells other machines this one's name, where it listens on every address", () => {
    const origins = [here, "http://localhost:7843", "http://my-host:7843"]

    assert.deepStrictEqual(createSteps({ origin: here, origins, firstAdminCode }), [
      {
        cmd: `claudemesh mesh create NAME --broker ${here} --code 'a-code'`,
        why: "on this machine"
      },
      {
        cmd: "claudemesh mesh create NAME --broker http://my-host:7843 --code 'a-code'",
        why:
          "on another machine, if it finds this one by that name; an address of it will do as well"
      }
    ])
  })

  it("is one command where all call the broker the same", () => {
    const origin = "https://mesh.example"

    assert.deepStrictEqual(createSteps({ origin, origins: [origin, here] }), [
      {
        cmd: `claudemesh mesh create NAME --broker ${origin}`,
        why: "on the machine of whoever begins"
      }
    ])
  })
})
