/**
 * Gathers what a person needs who looks into a fault, in one file on this disk. Nothing is uploaded.
 *
 * No key file, token file or database is opened for it; what is taken of logs and settings loses what looks like a
 * secret or like words of a message.
 *
 * @module
 */
import { homeDirectory } from "@claudemesh/daemon"
import { refused } from "@claudemesh/protocol/errors"
import { DaemonStatus } from "@claudemesh/protocol/local_api"
import { Clock, Config, Effect, FileSystem, Option, Schema } from "effect"
import { gzipSync } from "node:zlib"
import { rfc3339 } from "../cli/times.ts"
import { VERSION } from "../version.ts"
import type { Checked } from "./checks.ts"
import { doctorItem } from "./doctor_report.ts"
import { Machine } from "./machine.ts"
import { withoutMessages, withoutSecrets } from "./redaction.ts"
import { ustar } from "./ustar.ts"

/** How much of the end of a log is taken. */
const LOG_BYTES_MAX = 1_048_576

/** How many of the newest crash files are taken. */
const CRASHES_MAX = 5

const READ_SECONDS_MAX = 5

/** Settings of the environment that hold no secret. */
const SETTINGS = ["HOME", "SOCKET", "MESH", "OUTPUT", "LOG", "CONFIG", "NAME"].map(
  (name) => `CLAUDEMESH_${name}`
)

/** A bundle that was written, and what is in it. */
export interface Bundle {
  readonly file: string
  readonly files: ReadonlyArray<{ readonly name: string; readonly bytes: number }>
}

/** Writes the bundle, at that path or under a name of its own; never over another file. */
export const writeBundle = Effect.fn("writeBundle")(
  function*(items: ReadonlyArray<Checked>, path: Option.Option<string>) {
    const fs = yield* FileSystem.FileSystem
    const now = yield* Clock.currentTimeMillis
    const stamp = rfc3339(now).replace(/\.\d+/, "").replaceAll(/[-:]/g, "")
    const file = Option.getOrElse(path, () => `claudemesh-doctor-${stamp}.tar.gz`)
    const texts = yield* gather(items)
    const files = texts.map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }))
    yield* Effect.mapError(
      fs.writeFile(file, gzipSync(ustar(files, now)), { flag: "wx", mode: 0o600 }),
      ({ message, reason }) =>
        refused(
          "usage",
          `Cannot write "${file}": ${
            reason._tag === "AlreadyExists" ? "it is there already" : message
          }`
        )
    )
    const bundle: Bundle = {
      file,
      files: files.map(({ bytes, name }) => ({ name, bytes: bytes.length }))
    }
    return bundle
  }
)

/** Everything that goes in, as texts without secrets, by name. */
const gather = Effect.fnUntraced(function*(items: ReadonlyArray<Checked>) {
  const { directory } = yield* homeDirectory
  const log = yield* readTail(`${directory}/log/daemon.log`)
  const crashes = yield* crashFiles(`${directory}/log`)
  const configs = yield* Effect.forEach(
    ["config.toml", "policy.toml"],
    (name) =>
      Effect.map(
        readTail(`${directory}/${name}`),
        (text) => [name, Option.map(text, withoutSecrets)] as const
      )
  )
  const found: ReadonlyArray<readonly [string, Option.Option<string>]> = [
    ["doctor.json", Option.some(withoutSecrets(json(items.map(doctorItem))))],
    ["versions.json", Option.some(json(yield* versions))],
    ["settings.json", Option.some(withoutSecrets(json(yield* settings)))],
    ["status.json", Option.map(yield* status, (text) => withoutSecrets(text))],
    ...configs,
    ["log/daemon.log", Option.map(log, withoutMessages)],
    ...crashes
  ]
  return found.flatMap(([name, text]) => Option.isSome(text) ? [[name, text.value] as const] : [])
})

const versions = Effect.gen(function*() {
  const { daemon, node } = yield* Machine
  const found = yield* daemon
  const { arch, platform } = process
  return {
    claudemesh: VERSION,
    node,
    platform,
    arch,
    daemon: found.is === "running" ? found.status.version : found.is
  }
})

const settings = Effect.map(
  Effect.forEach(SETTINGS, (name) =>
    Effect.map(
      Effect.orDie(Config.option(Config.String(name))),
      (value) => [name, Option.getOrNull(value)] as const
    )),
  Object.fromEntries<string | null>
)

const status = Effect.gen(function*() {
  const found = yield* (yield* Machine).daemon
  if (found.is !== "running") return Option.none<string>()
  return Option.some(json(yield* Schema.encodeEffect(DaemonStatus)(found.status)))
})

const crashFiles = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const names = yield* Effect.orElseSucceed(fs.readDirectory(directory), () => [])
  const newest = names.filter((name) => /^crash-[\w.-]+\.txt$/.test(name)).toSorted().slice(
    -CRASHES_MAX
  )
  return yield* Effect.forEach(newest, (name) =>
    Effect.map(
      readTail(`${directory}/${name}`),
      (text) => [`log/${name.slice(-80)}`, Option.map(text, withoutMessages)] as const
    ))
})

/** The end of a file, from the beginning of a line; nothing where there is no such file of ours. */
const readTail = Effect.fnUntraced(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.scoped(Effect.gen(function*() {
    // Opening a pipe would wait for somebody to write to it.
    const { type } = yield* fs.lstat(path)
    if (type !== "File") return ""
    const file = yield* fs.open(path, { noFollow: true })
    const { size } = yield* file.stat
    const isCut = size > BigInt(LOG_BYTES_MAX)
    yield* file.seek(isCut ? size - BigInt(LOG_BYTES_MAX) : 0n, "start")
    const bytes = new Uint8Array(LOG_BYTES_MAX)
    const length = yield* file.read(bytes)
    const text = new TextDecoder().decode(bytes.subarray(0, length))
    return isCut ? text.slice(text.indexOf("\n") + 1) : text
  })).pipe(Effect.timeout(`${READ_SECONDS_MAX} seconds`), Effect.option)
})

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
