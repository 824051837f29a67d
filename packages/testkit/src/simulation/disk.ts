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
import { Killed, type Process } from "./process.ts"

/** What is told of a disk. */
export interface DiskOptions {
  readonly name: string
  readonly chance: Chance
  /** Whether a commit may be lost by a power cut. */
  readonly isUnsynced: boolean
}

/** Statements that begin and end transactions. */
const BEGIN = /^\s*BEGIN\b/i
const COMMIT = /^\s*COMMIT\b/i
const ROLLBACK = /^\s*ROLLBACK\s*;?\s*$/i
const WRITE = /^\s*(INSERT|UPDATE|REPLACE|COMMIT)\b/i
const SCHEMA = /^\s*(PRAGMA|CREATE|ALTER|DROP)\b/i

/** How many commits an unsynced disk collects before it writes them out, at the most. */
const COMMITS_UNSYNCED_MAX = 12

/** A disk. */
export class Disk {
  readonly database = new DatabaseSync(":memory:", { enableForeignKeyConstraints: true })
  /** Whether writing fails for want of room. */
  isFull = false
  readonly #options: DiskOptions
  #killAfter: number | undefined
  #inTransaction = false
  #observed: Array<() => void> = []
  #unsynced = 0
  #isHeld = false
  #losesAnswer = false

  constructor(options: DiskOptions) {
    this.#options = options
  }

  /** Kills whatever process makes the n-th call from now. */
  killAtCall(calls: number): void {
    this.#killAfter = calls
  }

  /** Lets the next commit happen, and its user believe that it has not. */
  loseAnswer(): void {
    this.#losesAnswer = true
  }

  /** Takes back what was to go wrong. */
  spare(): void {
    this.#killAfter = undefined
    this.#losesAnswer = false
  }

  /** Lets something be told once what is being written is committed, and never if it is not. */
  afterCommit(tell: () => void): void {
    this.#observed.push(tell)
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
    this.#killAfter = undefined
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

  #mayKill(process: Process): void {
    if (this.#killAfter !== undefined && --this.#killAfter < 0) {
      this.#killAfter = undefined
      process.kill()
    }
    if (process.state === "dead") throw new Killed()
  }

  #noteTransaction(sql: string): void {
    if (BEGIN.test(sql)) this.#inTransaction = true
    else if (COMMIT.test(sql) || ROLLBACK.test(sql)) this.#inTransaction = false
  }

  #committed(isWritten: boolean, sql: string): void {
    for (const tell of this.#observed.splice(0)) tell()
    if (!this.#options.isUnsynced || !isWritten || SCHEMA.test(sql)) return
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
