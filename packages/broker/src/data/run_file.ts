/**
 * The store's witness as files: the run that was last, beside the database, and the name of the host's boot.
 *
 * Only Linux names its boots, and only to a process that may read `/proc/sys`
 * (not under systemd's `ProcSubset=pid`); elsewhere a power failure is not noticed.
 *
 * @module
 */
import { Effect, FileSystem, Layer, Option, Path } from "effect"
import { StoreWitness } from "../store/store_witness.ts"
import { DataDirectory } from "./data_directory.ts"

const FILE_NAME = "broker.run"
const BOOT_ID = "/proc/sys/kernel/random/boot_id"

/** Needs the directory of the data. */
export const layer = Layer.effect(
  StoreWitness,
  Effect.gen(function*() {
    const files = yield* FileSystem.FileSystem
    const { path: directory } = yield* DataDirectory
    const file = (yield* Path.Path).join(directory, FILE_NAME)

    function read(path: string) {
      return Effect.map(
        Effect.option(files.readFileString(path)),
        (text) => Option.getOrUndefined(Option.map(text, (content) => content.trim()))
      )
    }

    return {
      boot: yield* read(BOOT_ID),
      lastRun: read(file),
      // If it cannot be written, the next start takes the store for a copy: mail is offered again, and nothing lost.
      noteRun: (run) =>
        Effect.ignore(files.writeFileString(file, `${run}\n`, { mode: 0o600 }), { log: "Warn" })
    }
  })
)
