/**
 * A SQLite database in memory, with what is made for it only once: statements, and functions that observe it.
 *
 * To create a program's tables costs more than most runs do with them. So a
 * world may take a database that other worlds have used: it is created up to a
 * savepoint, and whoever gives it back rolls it back to there.
 *
 * @module
 */
import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite"
import type { HistoryEvent } from "./history.ts"

/** SQL that creates a trigger, which calls `observe_<type>(…)`, by the type of event that it is about. */
export type Triggers = ReadonlyArray<readonly [type: HistoryEvent["type"], sql: string]>

/** Told what a trigger was called with. */
export type Observer = (
  type: HistoryEvent["type"],
  values: ReadonlyArray<SQLOutputValue>
) => void

const FOREIGN_KEYS = { enableForeignKeyConstraints: true }

/** Databases in memory that a file name reaches need one each. */
let copies = 0

/** A database. */
export class DiskDatabase {
  readonly connection: DatabaseSync
  /** Whoever is told now of what the triggers see. */
  observer: Observer | undefined
  readonly #statements = new Map<string, StatementSync>()
  #isObserved = false

  constructor(connection = new DatabaseSync(":memory:", FOREIGN_KEYS)) {
    this.connection = connection
  }

  /** The statement of a text, which is prepared once. */
  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.connection.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  /** Another database with what is committed in this one. */
  copy(): DiskDatabase {
    const name = `file:/copy-${copies++}?vfs=memdb`
    const copy = new DatabaseSync(name, FOREIGN_KEYS)
    this.connection.prepare("VACUUM INTO ?").run(name)
    return new DiskDatabase(copy)
  }

  /** Sets up what observes it; its tables must be there. To do so again changes nothing. */
  observe(triggers: Triggers): void {
    if (this.#isObserved) return
    this.#isObserved = true
    for (const [type, sql] of triggers) {
      this.connection.function(`observe_${type}`, { varargs: true }, (...values) => {
        this.observer?.(type, values)
        return null
      })
      this.connection.exec(sql)
    }
  }

  /** Gives back what it holds; whom it tells would be held for ever otherwise. */
  close(): void {
    this.observer = undefined
    this.#statements.clear()
    this.connection.close()
  }
}

/** Databases of one program that were used and are as new. */
export class DiskDatabasePool {
  readonly #install: (database: DiskDatabase) => void
  readonly #free: Array<DiskDatabase> = []

  /** `install` creates everything that the program looks for in a database. */
  constructor(install: (database: DiskDatabase) => void) {
    this.#install = install
  }

  take(): DiskDatabase {
    return this.#free.pop() ?? new ReusedDatabase(this.#install, (used) => this.#free.push(used))
  }
}

/**
 * SQLite keeps a journal of all that happens within a transaction, which it walks through at each savepoint: one
 * that never ends becomes slower and slower. After thousands of worlds, they took five times as long.
 */
export const USES_MAX = 32

/** A database that is rolled back instead of closed. It is within a transaction always, so that it cannot be copied. */
class ReusedDatabase extends DiskDatabase {
  readonly #giveBack: (used: DiskDatabase) => void
  #uses = 0

  constructor(
    install: (database: DiskDatabase) => void,
    giveBack: (used: DiskDatabase) => void
  ) {
    super()
    this.#giveBack = giveBack
    install(this)
    this.connection.exec("SAVEPOINT installed")
  }

  override copy(): DiskDatabase {
    throw new Error("Cannot copy a database that other worlds use: let the plan have new disks")
  }

  override close(): void {
    this.#uses += 1
    if (this.#uses === USES_MAX) return super.close()
    this.observer = undefined
    this.connection.exec("ROLLBACK TO installed")
    this.#giveBack(this)
  }
}
