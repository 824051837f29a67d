/**
 * Reads an archive with the system's `tar`: what it unpacks is what went in.
 *
 * @module
 */
import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { gzipSync } from "node:zlib"
import { ustar } from "./ustar.ts"

const files = [
  { name: "empty.txt", bytes: new Uint8Array() },
  { name: "log/daemon.log", bytes: new TextEncoder().encode("ümläut\n".repeat(200)) },
  { name: "block.bin", bytes: new Uint8Array(512).fill(1) },
  { name: "n".repeat(100), bytes: new Uint8Array(513).fill(2) }
]

describe("ustar", () => {
  it("is unpacked by tar, with names, bytes, modes and times", () => {
    const directory = mkdtempSync(`${tmpdir()}/cm-tar-`)
    try {
      const archive = `${directory}/a.tar.gz`
      writeFileSync(archive, gzipSync(ustar(files, 1_795_500_000_000)))
      const listed = execFileSync("tar", ["-tzf", archive], { encoding: "utf8" })
      execFileSync("tar", ["-xzf", archive, "-C", directory])

      assert.deepStrictEqual(listed.trim().split("\n"), files.map(({ name }) => name))
      for (const { bytes, name } of files) {
        assert.deepStrictEqual(new Uint8Array(readFileSync(`${directory}/${name}`)), bytes)
        assert.strictEqual(statSync(`${directory}/${name}`).mode & 0o777, 0o600)
        assert.strictEqual(statSync(`${directory}/${name}`).mtimeMs, 1_795_500_000_000)
      }
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
