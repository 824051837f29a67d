/**
 * A simulated disk with one SQLite database, which outlives the processes that use it.
 *
 * The database is the real one, in memory. Every call of a process to it is a
 * place where that process may be killed, or where the disk may be full. What a
 * process had not committed when it was killed is gone. On a disk that is not
 * synced, a power cut also takes what was committed since the last sync.
 *
 * @module
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite"
import { Function } from "effect"
import type { Chance } from "./chance.ts"
import { DiskDatabase, type Triggers } from "./disk_database.ts"
import type { HistoryEvent } from "./history.ts"
import type { Moments } from "./moments.ts"
import { Killed, type Process } from "./process.ts"

/** What is told of a disk. */
export interface DiskOptions {
  readonly name: string
  readonly chance: Chance
  /** Whether a commit may be lost by a power cut. */
  readonly isUnsynced: boolean
  /** Hears of what a commit is about to make true, and has made true. */
  readonly moments: Moments
  /** What is on it to begin with; nothing otherwise. */
  readonly database?: DiskDatabase
}

/** What becomes of what a trigger saw, once it is committed, by the event that it is told as. */
export type Observers = Readonly<
  Partial<Record<HistoryEvent["type"], (values: ReadonlyArray<SQLOutputValue>) => void>>
>

/** What a statement does to the transaction, and whether it needs room. */
interface Kind {
  readonly does: "begin" | "commit" | "rollback" | undefined
  readonly isWrite: boolean
  readonly isSchema: boolean
}

const CONTROLS = {
  begin: /^\s*BEGIN\b/i,
  commit: /^\s*COMMIT\b/i,
  rollback: /^\s*ROLLBACK\s*;?\s*$/i
}
const WRITE = /^\s*(INSERT|UPDATE|REPLACE|COMMIT)\b/i
const SCHEMA = /^\s*(PRAGMA|CREATE|ALTER|DROP)\b/i

/** A disk may itself hold a transaction open, so that those of its users are savepoints. */
const SPOKEN = { begin: "SAVEPOINT held", commit: "RELEASE held", rollback: "ROLLBACK TO held" }

const kinds = new Map<string, Kind>()

function kindOf(sql: string): Kind {
  const known = kinds.get(sql)
  if (known !== undefined) return known
  const does = (["begin", "commit", "rollback"] as const).find((word) => CONTROLS[word].test(sql))
  const kind = { does, isWrite: WRITE.test(sql), isSchema: SCHEMA.test(sql) }
  kinds.set(sql, kind)
  return kind
}

function spoken(sql: string, { does }: Kind): string {
  return does === undefined ? sql : SPOKEN[does]
}

/** Methods of a statement by which it is run. */
const CALLS: ReadonlySet<string | symbol> = new Set(["run", "all", "get"])

function propertyOf(
  statement: StatementSync,
  property: string | symbol,
  call: <A>(run: () => A) => A
): unknown {
  const value: unknown = Reflect.get(statement, property, statement)
  if (typeof value !== "function") return value
  const method = value.bind(statement)
  if (!CALLS.has(property)) return method
  return (...values: ReadonlyArray<unknown>) => call(() => method(...values))
}

interface Observed {
  readonly type: HistoryEvent["type"]
  readonly tell: () => void
}

/** How many commits an unsynced disk collects before it writes them out, at the most. */
const COMMITS_UNSYNCED_MAX = 12

/** A disk. */
export class Disk {
  /** Whether writing fails for want of room. */
  isFull = false
  /** Whether it only says that it writes out. */
  isLying = false
  readonly #options: DiskOptions
  readonly #database: DiskDatabase
  #killsAfter: ReadonlyArray<number> = []
  #inTransaction = false
  #observed: Array<Observed> = []
  #unsynced = 0
  #isHeld = false
  #losesAnswer = false
  #failsCommit = false

  constructor(options: DiskOptions) {
    this.#options = options
    this.#database = options.database ?? new DiskDatabase()
  }

  /** What is on it, for whoever looks at it from outside. */
  get database(): DatabaseSync {
    return this.#database.connection
  }

  /** Kills whatever process makes the n-th call from now. */
  killAtCall(calls: number): void {
    this.#killsAfter = [...this.#killsAfter, calls]
  }

  /** Lets the next commit happen, and its user believe that it has not. */
  loseAnswer(): void {
    this.#losesAnswer = true
  }

  /** Lets the next commit fail, and not happen. */
  failCommit(): void {
    this.#failsCommit = true
  }

  /** Takes back what was to go wrong. */
  spare(): void {
    this.#killsAfter = []
    this.#losesAnswer = false
    this.#failsCommit = false
  }

  /** Lets an event be told once what is being written is committed, and never if it is not. */
  afterCommit(type: HistoryEvent["type"], tell: () => void): void {
    this.#observed.push({ type, tell })
  }

  /** Has triggers tell of what is written, once it is committed. The tables must be there. */
  observe(triggers: Triggers, observers: Observers): void {
    this.#database.observe(triggers)
    this.#database.observer = (type, values) => {
      this.afterCommit(type, () => observers[type]?.(values))
    }
  }

  /** A statement that no process makes: nothing befalls it. */
  prepare(sql: string): StatementSync {
    return this.#database.prepare(sql)
  }

  /** What is committed, as a database of its own. */
  copy(): DiskDatabase {
    return this.#database.copy()
  }

  /** The database for one process. What the one before it left open is rolled back. */
  openFor(process: Process): DatabaseSync {
    this.#recover()
    return new Proxy(this.database, {
      get: (database, property) => {
        if (property === "isTransaction") return this.#inTransaction
        if (property === "prepare") return (sql: string) => this.#statement(process, sql)
        if (property === "exec") return (sql: string) => this.#execute(process, sql)
        if (property === "close") return Function.constVoid
        const value: unknown = Reflect.get(database, property, database)
        return typeof value === "function" ? value.bind(database) : value
      }
    })
  }

  /** The machine loses power: an unsynced disk forgets what it had not written out. */
  losePower(): void {
    this.#recover()
    this.isLying = false
    if (this.#isHeld) this.database.exec("ROLLBACK TO durable")
    this.#unsynced = 0
  }

  /** Gives back what it holds. */
  destroy(): void {
    this.#database.close()
  }

  #recover(): void {
    this.#observed = []
    if (this.#inTransaction) this.#rollBack()
  }

  #rollBack(): void {
    this.database.exec("ROLLBACK TO held; RELEASE held")
    this.#inTransaction = false
  }

  #execute(process: Process, sql: string): void {
    const kind = kindOf(sql)
    this.#call(process, kind, () => this.database.exec(spoken(sql, kind)))
  }

  #statement(process: Process, sql: string): StatementSync {
    const kind = kindOf(sql)
    const statement = this.#database.prepare(spoken(sql, kind))
    const call = <A>(run: () => A) => this.#call(process, kind, run)
    const known = new Map<string | symbol, unknown>([["sourceSQL", sql]])
    return new Proxy(statement, {
      get: (_, property) => {
        if (!known.has(property)) known.set(property, propertyOf(statement, property, call))
        return known.get(property)
      }
    })
  }

  /** One call of a process: it may be the last thing that it does, before or after it took effect. */
  #call<A>(process: Process, kind: Kind, run: () => A): A {
    this.#mayKill(process)
    if (this.isFull && kind.isWrite) throw fullDisk()
    if (kind.does === "commit") this.#foretell(process)
    const isWritten = this.#inTransaction || kind.isWrite
    const result = run()
    this.#noteTransaction(kind)
    if (!this.#inTransaction && kind.does !== "rollback") {
      this.#committed(isWritten && !kind.isSchema)
    }
    this.#mayKill(process)
    if (this.#losesAnswer && kind.does === "commit") {
      this.#losesAnswer = false
      throw failedDisk()
    }
    return result
  }

  /** The last moment at which what is to be committed may still be lost. */
  #foretell(process: Process): void {
    for (const { type } of this.#observed) this.#options.moments.notice(`before ${type}`)
    if (process.state === "dead") throw new Killed()
    if (!this.#failsCommit) return
    this.#failsCommit = false
    throw failedDisk()
  }

  #mayKill(process: Process): void {
    if (this.#killsAfter.length > 0) this.#countDown(process)
    if (process.state === "dead") throw new Killed()
  }

  #countDown(process: Process): void {
    if (this.#killsAfter.includes(0)) process.kill()
    this.#killsAfter = this.#killsAfter.map((calls) => calls - 1).filter((calls) => calls >= 0)
  }

  #noteTransaction({ does }: Kind): void {
    if (does === "begin") this.#inTransaction = true
    else if (does === "commit") this.#inTransaction = false
    else if (does === "rollback") {
      this.#observed = []
      this.database.exec("RELEASE held")
      this.#inTransaction = false
    }
  }

  #committed(isWritten: boolean): void {
    const observed = this.#observed.splice(0)
    this.#options.moments.together(() => {
      for (const { tell } of observed) tell()
    })
    if (!this.#options.isUnsynced || this.isLying || !isWritten) return
    this.#unsynced++
    if (this.#unsynced >= this.#options.chance.between(1, COMMITS_UNSYNCED_MAX)) this.sync()
  }

  /** Writes out what was committed; from here on a power cut does not take it. */
  sync(): void {
    if (!this.#options.isUnsynced) return
    if (this.#isHeld) this.database.exec("RELEASE durable")
    this.database.exec("SAVEPOINT durable")
    this.#isHeld = true
    this.#unsynced = 0
  }
}

/** What `node:sqlite` throws when there is no room: SQLITE_FULL. */
function fullDisk(): Error {
  return sqliteError(13, "database or disk is full")
}

/** The same when the disk did not answer: SQLITE_IOERR. */
function failedDisk(): Error {
  return sqliteError(10, "disk I/O error")
}

function sqliteError(errcode: number, errstr: string): Error {
  return Object.assign(new Error(errstr), { code: "ERR_SQLITE_ERROR", errcode, errstr })
}
