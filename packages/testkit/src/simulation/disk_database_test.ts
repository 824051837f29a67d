import { assert, describe, it } from "@effect/vitest"
import { DiskDatabase, DiskDatabasePool, type Triggers, USES_MAX } from "./disk_database.ts"

const TRIGGERS: Triggers = [
  [
    "inboxed",
    `CREATE TEMP TRIGGER observe_inboxed AFTER INSERT ON main.notes
      BEGIN SELECT observe_inboxed(new.text); END`
  ]
]

function install(database: DiskDatabase): void {
  database.connection.exec("CREATE TABLE notes (text TEXT)")
  database.observe(TRIGGERS)
}

function seen(database: DiskDatabase): ReadonlyArray<unknown> {
  const texts: Array<unknown> = []
  database.observer = (type, [text]) => texts.push(`${type} ${String(text)}`)
  return texts
}

function note(database: DiskDatabase, text: string): void {
  database.prepare("INSERT INTO notes VALUES (?)").run(text)
}

describe("DiskDatabase", () => {
  it("prepares each text once", () => {
    const database = new DiskDatabase()
    assert.strictEqual(database.prepare("SELECT 1"), database.prepare("SELECT 1"))
  })

  it("tells whoever observes it last, and nobody twice", () => {
    const database = new DiskDatabase()
    install(database)
    database.observe(TRIGGERS)
    const before = seen(database)
    note(database, "one")
    const now = seen(database)
    note(database, "two")
    assert.deepStrictEqual([before, now], [["inboxed one"], ["inboxed two"]])
  })
})

describe("DiskDatabasePool", () => {
  it("installs a database once, and gives it to the next as new", () => {
    let installed = 0
    const pool = new DiskDatabasePool((database) => {
      installed++
      install(database)
    })
    const first = pool.take()
    note(first, "from the first world")
    first.close()

    const next = pool.take()
    const heard = seen(next)
    assert.deepStrictEqual(next.prepare("SELECT * FROM notes").all(), [])
    note(next, "from the next")
    assert.deepStrictEqual(heard, ["inboxed from the next"])
    assert.strictEqual(installed, 1)
  })

  it("gives nobody a database that another world uses", () => {
    const pool = new DiskDatabasePool(install)
    const one = pool.take()
    const other = pool.take()
    note(one, "mine")
    assert.deepStrictEqual(other.prepare("SELECT * FROM notes").all(), [])
  })

  it("gives out no copies, because its databases are within a transaction", () => {
    assert.throws(() => new DiskDatabasePool(install).take().copy(), "Cannot copy")
  })

  it("makes another one in the place of one that was used long enough", () => {
    let installed = 0
    const pool = new DiskDatabasePool((database) => {
      installed++
      install(database)
    })
    for (let use = 0; use <= USES_MAX; use += 1) pool.take().close()

    assert.strictEqual(installed, 2)
  })
})
