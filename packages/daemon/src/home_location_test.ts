import { assert, describe, it } from "@effect/vitest"
import { locateHome } from "./home_location.ts"

describe("locateHome", () => {
  it.each([
    { what: "is in the user's own directory", home: "", directory: "/u/.claudemesh" },
    { what: "is what was set, without slashes at its end", home: "/x//", directory: "/x" },
    { what: "may be the root", home: "/", directory: "/" }
  ])("$what", ({ directory, home }) => {
    assert.deepStrictEqual(locateHome({ home, socket: "", user: "/u" }), {
      directory,
      socket: `${directory}/run/daemon.sock`
    })
  })

  it("has its socket where that was set", () => {
    const { socket } = locateHome({ home: "/x", socket: "/s.sock", user: "/u" })

    assert.strictEqual(socket, "/s.sock")
  })
})
