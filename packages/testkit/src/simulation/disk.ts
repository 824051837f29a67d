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
import { DatabaseSync, type StatementSync } from "node:sqlite"
import type { Chance } from "./chance.ts"
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
  readonly database?: DatabaseSync
}

/** Statements that begin and end transactions. */
const BEGIN = /^\s*BEGIN\b/i
const COMMIT = /^\s*COMMIT\b/i
const ROLLBACK = /^\s*ROLLBACK\s*;?\s*$/i
const WRITE = /^\s*(INSERT|UPDATE|REPLACE|COMMIT)\b/i
const SCHEMA = /^\s*(PRAGMA|CREATE|ALTER|DROP)\b/i

const FOREIGN_KEYS = { enableForeignKeyConstraints: true }

/** Databases in memory that a file name reaches need one each. */
let copies = 0

interface Observed {
  readonly type: HistoryEvent["type"]
  readonly tell: () => void
}

/** How many commits an unsynced disk collects before it writes them out, at the most. */
const COMMITS_UNSYNCED_MAX = 12

/** A disk. */
export class Disk {
  readonly database: DatabaseSync
  /** Whether writing fails for want of room. */
  isFull = false
  /** Whether it only says that it writes out. */
  isLying = false
  readonly #options: DiskOptions
  #killsAfter: ReadonlyArray<number> = []
  #inTransaction = false
  #observed: Array<Observed> = []
  #unsynced = 0
  #isHeld = false
  #losesAnswer = false
  #failsCommit = false

  constructor(options: DiskOptions) {
    this.#options = options
    this.database = options.database ?? new DatabaseSync(":memory:", FOREIGN_KEYS)
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

  /** What is committed, as a database of its own. */
  copy(): DatabaseSync {
    const name = `file:/copy-${copies++}?vfs=memdb`
    const copy = new DatabaseSync(name, FOREIGN_KEYS)
    this.database.prepare("VACUUM INTO ?").run(name)
    return copy
  }

  /** The database for one process. What the one before it left open is rolled back. */
  openFor(process: Process): DatabaseSync {
    this.#recover()
    return new Proxy(this.database, {
      get: (database, property) => {
        if (property === "isTransaction") return this.#isTransaction()
        if (property === "prepare") {
          return (sql: string) => this.#statement(process, database.prepare(this.#spoken(sql)), sql)
        }
        if (property === "exec") {
          return (sql: string) => this.#call(process, sql, () => database.exec(this.#spoken(sql)))
        }
        if (property === "close") return () => undefined
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

  /** Gives back what it holds; whom it tells of commits would be held for ever otherwise. */
  destroy(): void {
    this.database.close()
  }

  #isTransaction(): boolean {
    return this.#options.isUnsynced ? this.#inTransaction : this.database.isTransaction
  }

  #recover(): void {
    this.#observed = []
    if (!this.#isTransaction()) return
    this.database.exec(this.#options.isUnsynced ? "ROLLBACK TO held; RELEASE held" : "ROLLBACK")
    this.#inTransaction = false
  }

  #statement(process: Process, statement: StatementSync, sql: string): StatementSync {
    const call = <A>(run: () => A) => this.#call(process, sql, run)
    return new Proxy(statement, {
      get: (target, property) => {
        if (property === "sourceSQL") return sql
        const value: unknown = Reflect.get(target, property, target)
        if (typeof value !== "function") return value
        const method = value.bind(target)
        const isRun = property === "run" || property === "all" || property === "get"
        return isRun ? (...values: ReadonlyArray<unknown>) => call(() => method(...values)) : method
      }
    })
  }

  /** One call of a process: it may be the last thing that it does, before or after it took effect. */
  #call<A>(process: Process, sql: string, run: () => A): A {
    this.#mayKill(process)
    if (this.isFull && WRITE.test(sql)) throw fullDisk()
    if (COMMIT.test(sql)) this.#foretell(process)
    const wasTransaction = this.#isTransaction()
    const result = run()
    this.#noteTransaction(sql)
    if (ROLLBACK.test(sql)) this.#observed = []
    else if (!this.#isTransaction()) this.#committed(wasTransaction || WRITE.test(sql), sql)
    this.#mayKill(process)
    if (this.#losesAnswer && COMMIT.test(sql)) {
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

  #noteTransaction(sql: string): void {
    if (BEGIN.test(sql)) this.#inTransaction = true
    else if (COMMIT.test(sql) || ROLLBACK.test(sql)) this.#inTransaction = false
  }

  #committed(isWritten: boolean, sql: string): void {
    const observed = this.#observed.splice(0)
    this.#options.moments.together(() => {
      for (const { tell } of observed) tell()
    })
    if (!this.#options.isUnsynced || this.isLying || !isWritten || SCHEMA.test(sql)) return
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

  /** An unsynced disk holds one transaction open, in which those of its users are savepoints. */
  #spoken(sql: string): string {
    if (!this.#options.isUnsynced) return sql
    if (BEGIN.test(sql)) return "SAVEPOINT held"
    if (COMMIT.test(sql)) return "RELEASE held"
    return ROLLBACK.test(sql) ? "ROLLBACK TO held" : sql
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
