/**
 * What a simulated world is given: the real broker and the real daemon, as programs that run on simulated parts.
 *
 * The testkit knows neither package; each brings its own row, and a test or a
 * script hands both over.
 *
 * @module
 */
import type { Effect, Scope } from "effect"
import type { MadeMesh } from "../made_mesh.ts"
import type { EndHandlers } from "./connection.ts"
import type { Disk } from "./disk.ts"
import type { DiskDatabase } from "./disk_database.ts"
import type { Happening } from "./history.ts"
import type { BrokerLink, ClientLink } from "./network.ts"
import type { Process } from "./process.ts"

/** What a program can use of its machine. */
export interface MachineWorld {
  readonly process: Process
  readonly disk: Disk
  /** Tells of something that has just become true. */
  readonly tell: (happening: Happening) => void
  /** Rare branches that are to be taken more often, by name. */
  readonly tuning: Readonly<Record<string, number>>
}

/** What a broker can use. */
export interface BrokerWorld extends MachineWorld {
  readonly name: string
  readonly origin: string
  /** Names the time since its machine was started. */
  readonly boot: string
  /** The last run that was noted beside its store. */
  readonly lastRun: { value: string | undefined }
  /** Whether its meshes are founded now; a store that is lost later gets them back from their members. */
  readonly isFounding: boolean
  /** Meshes that live at it. */
  readonly meshes: ReadonlyArray<MadeMesh>
}

/** A broker that runs. */
export interface RunningBroker {
  /** Takes a connection; `origin` is how the client reached it. */
  readonly accept: (link: BrokerLink, origin: string) => Effect.Effect<EndHandlers>
  /** Takes a membership log back, as over HTTP; fails with the code of its refusal. */
  readonly put: (statements: MadeMesh["statements"]) => Effect.Effect<unknown, string>
}

/** The broker as a program: it runs until the scope closes, or says why it cannot. */
export interface BrokerProgram {
  /** Creates everything in a new database that the program would create there itself. */
  readonly install: (database: DiskDatabase) => void
  readonly run: (world: BrokerWorld) => Effect.Effect<RunningBroker, string, Scope.Scope>
}

/** A mesh that a machine is a member of: as whom, and where its broker is. */
export interface Membership {
  readonly made: MadeMesh
  readonly name: string
  readonly origin: string
}

/** What a daemon can use. */
export interface DaemonWorld extends MachineWorld {
  readonly memberships: ReadonlyArray<Membership>
  /** What is written beside its database, by name: it survives the process. */
  readonly files: Map<string, Uint8Array>
  readonly connect: (origin: string) => Effect.Effect<ClientLink, string>
  readonly put: (
    origin: string,
    statements: MadeMesh["statements"]
  ) => Effect.Effect<unknown, string>
}

/** What is asked of a daemon to send. */
export interface SendRequest {
  readonly mesh: string
  readonly to: string
  readonly text: string
  readonly id?: string
  readonly ttl?: number
  readonly priority?: "now" | "low"
}

/** A daemon that runs: what its user can do. */
export interface RunningDaemon {
  /** Answers with the message's id; fails with the code of the refusal. */
  readonly send: (request: SendRequest) => Effect.Effect<string, string>
  /** Leaves a mesh. */
  readonly leave: (mesh: string) => Effect.Effect<unknown, string>
}

/** The daemon as a program: it runs until the scope closes, or says why it cannot. */
export interface DaemonProgram {
  /** Creates everything in a new database that the program would create there itself. */
  readonly install: (database: DiskDatabase) => void
  readonly run: (world: DaemonWorld) => Effect.Effect<RunningDaemon, string, Scope.Scope>
}

/** Both programs. */
export interface Programs {
  readonly broker: BrokerProgram
  readonly daemon: DaemonProgram
}
