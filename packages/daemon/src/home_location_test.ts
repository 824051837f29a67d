import { assert, describe, it } from "@effect/vitest"
import { locateHome } from "./home_location.ts"

describe("locateHome", () => {
  it.each([
    ["is in the user's own directory", "", "", "/u/.claudemesh", "/u/.claudemesh/run/daemon.sock"],
    ["is what was set, without slashes at its end", "/x//", "", "/x", "/x/run/daemon.sock"],
    ["may be the root", "/", "", "/", "//run/daemon.sock"],
    ["has its socket where that was set", "/x", "/s.sock", "/x", "/s.sock"]
  ])("%s", (_, home, socket, directory, at) => {
    assert.deepStrictEqual(locateHome({ home, socket, user: "/u" }), { directory, socket: at })
  })
})
