import { assert, describe, it } from "@effect/vitest"
import type { DatabaseSync } from "node:sqlite"
import { makeSurroundings } from "./testing/surroundings.ts"

function makeDisk(isUnsynced = false) {
  const surroundings = makeSurroundings()
  const process = surroundings.makeProcess()
  const disk = surroundings.makeDisk(isUnsynced)
  const database = disk.openFor(process)
  database.exec("CREATE TABLE notes (text TEXT)")
  return { ...surroundings, disk, process, database }
}

function write(database: DatabaseSync, text: string): void {
  database.exec("BEGIN IMMEDIATE")
  database.prepare("INSERT INTO notes VALUES (?)").run(text)
  database.exec("COMMIT")
}

function notesIn(database: DatabaseSync): ReadonlyArray<unknown> {
  return database.prepare("SELECT text FROM notes").all().map(({ text }) => text)
}

describe("Disk", () => {
  it("keeps what was committed for the next process, and nothing else", () => {
    const { database, disk, makeProcess, process } = makeDisk()
    write(database, "kept")
    database.exec("BEGIN")
    database.exec("INSERT INTO notes VALUES ('lost')")
    process.kill()
    assert.deepStrictEqual(notesIn(disk.openFor(makeProcess("next"))), ["kept"])
  })

  it("kills whoever makes a certain call, before or after it has taken effect", () => {
    const kept = [0, 1, 2, 3, 4, 5, 6].map((calls) => {
      const { database, disk, makeProcess, process } = makeDisk()
      disk.killAtCall(calls)
      try {
        write(database, "it")
      } catch {
        assert.strictEqual(process.state, "dead")
      }
      disk.openFor(makeProcess("next"))
      return notesIn(disk.database).length
    })
    assert.deepStrictEqual(kept, [0, 0, 0, 0, 0, 1, 1])
  })

  it("kills as often as it was told to", () => {
    const { database, disk, makeProcess, process } = makeDisk()
    disk.killAtCall(1)
    disk.killAtCall(2)
    assert.throws(() => write(database, "it"))
    assert.strictEqual(process.state, "dead")
    const next = makeProcess("next")
    assert.throws(() => write(disk.openFor(next), "it"))
    assert.strictEqual(next.state, "dead")
  })

  it("refuses to write while it is full, and still reads", () => {
    const { database, disk } = makeDisk()
    write(database, "kept")
    disk.isFull = true
    assert.throws(() => database.exec("INSERT INTO notes VALUES ('more')"), "disk is full")
    assert.deepStrictEqual(notesIn(database), ["kept"])
    disk.isFull = false
    write(database, "more")
    assert.deepStrictEqual(notesIn(database), ["kept", "more"])
  })

  it("lets a commit fail that did not happen, once", () => {
    const { database, disk } = makeDisk()
    disk.failCommit()
    assert.throws(() => write(database, "lost"), "disk I/O error")
    database.exec("ROLLBACK")
    write(database, "kept")
    assert.deepStrictEqual(notesIn(database), ["kept"])
  })

  it("lets a commit fail that did happen, once", () => {
    const { database, disk } = makeDisk()
    disk.loseAnswer()
    assert.throws(() => write(database, "kept"), "disk I/O error")
    write(database, "kept, too")
    assert.deepStrictEqual(notesIn(database), ["kept", "kept, too"])
  })

  it("takes back what was to go wrong", () => {
    const { database, disk } = makeDisk()
    disk.killAtCall(1)
    disk.failCommit()
    disk.loseAnswer()
    disk.spare()
    write(database, "kept")
    assert.deepStrictEqual(notesIn(database), ["kept"])
  })

  it("tells what is committed, just before and just after, and never what is not", () => {
    const { database, disk, moments } = makeDisk()
    const told: Array<string> = []
    moments.await("before inboxed", 1, () => told.push("about to"))
    for (const end of ["ROLLBACK", "COMMIT"]) {
      database.exec("BEGIN")
      disk.afterCommit("inboxed", () => told.push(`done by ${end}`))
      database.exec(end)
    }
    assert.deepStrictEqual(told, ["about to", "done by COMMIT"])
  })

  it("can be copied, and the copy goes its own way", () => {
    const { database, disk } = makeDisk()
    write(database, "in both")
    const copy = disk.copy()
    write(database, "in one")
    assert.deepStrictEqual(notesIn(copy.connection), ["in both"])
    assert.deepStrictEqual(notesIn(database), ["in both", "in one"])
  })
})

describe("an unsynced Disk", () => {
  it("forgets in a power cut what it has not written out, from some commit on", () => {
    const lengths = Array.from({ length: 20 }, (_, seed) => {
      const surroundings = makeSurroundings(`${seed}`)
      const disk = surroundings.makeDisk(true)
      const database = disk.openFor(surroundings.makeProcess())
      database.exec("CREATE TABLE notes (text TEXT)")
      disk.sync()
      for (let nth = 0; nth < 20; nth++) write(database, `${nth}`)
      disk.losePower()
      const kept = notesIn(disk.database)
      assert.deepStrictEqual(kept, Array.from(kept, (_, nth) => `${nth}`))
      return kept.length
    })
    assert.isAbove(new Set(lengths).size, 3)
  })

  it("forgets nothing that it was told to write out", () => {
    const { database, disk } = makeDisk(true)
    write(database, "kept")
    disk.sync()
    write(database, "lost")
    disk.losePower()
    assert.include(notesIn(disk.database), "kept")
  })

  it("writes out nothing at all while it is lying", () => {
    const { database, disk } = makeDisk(true)
    write(database, "kept")
    disk.sync()
    disk.isLying = true
    for (let nth = 0; nth < 50; nth++) write(database, "lost")
    disk.losePower()
    assert.deepStrictEqual(notesIn(disk.database), ["kept"])
  })

  it("rolls back for a process what that process wants rolled back", () => {
    const { database, disk, makeProcess, process } = makeDisk(true)
    write(database, "kept")
    database.exec("BEGIN")
    assert.isTrue(database.isTransaction)
    database.exec("INSERT INTO notes VALUES ('lost')")
    database.exec("ROLLBACK")
    assert.isFalse(database.isTransaction)
    database.exec("BEGIN")
    database.exec("INSERT INTO notes VALUES ('lost, too')")
    process.kill()
    assert.deepStrictEqual(notesIn(disk.openFor(makeProcess("next"))), ["kept"])
  })
})
