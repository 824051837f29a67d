/**
 * The words of messages, sent and received, so that they are found again.
 *
 * The index holds no text of its own and follows its table by triggers: no way
 * to store or remove a message can forget it. What is removed is gone from the
 * index at once, not at its next tidying.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** A table of messages, its index, which of its rows are indexed, and how their words are had. */
interface Indexed {
  readonly table: "inbox" | "outbox"
  readonly rows: string
  /** Of a row under that name. */
  readonly words: (row: string) => string
}

function subjectOf(row: string): string {
  return `coalesce(json_extract(${row}.meta, '$.subject'), '')`
}

const INDEXED: ReadonlyArray<Indexed> = [
  { table: "inbox", rows: "true", words: (row) => `${subjectOf(row)}, ${row}.text` },
  {
    table: "outbox",
    rows: "class = 'dm'",
    words: (row) => `${subjectOf(row)}, CAST(${row}.content AS TEXT)`
  }
]

function statementsOf({ rows, table, words }: Indexed): ReadonlyArray<string> {
  const [index, view] = [`${table}_search`, `${table}_words`]
  const isNew = rows === "true" ? "" : `WHEN new.${rows}`
  const wasThere = rows === "true" ? "" : `WHEN old.${rows}`
  return [
    `CREATE VIEW ${view} (position, subject, text) AS
      SELECT position, ${words(table)} FROM ${table} WHERE ${rows}`,
    `CREATE VIRTUAL TABLE ${index} USING fts5(
      subject, text, content = '${view}', content_rowid = 'position',
      tokenize = 'unicode61 remove_diacritics 2')`,
    `INSERT INTO ${index} (${index}, rank) VALUES ('secure-delete', 1)`,
    `INSERT INTO ${index} (${index}) VALUES ('rebuild')`,
    `CREATE TRIGGER ${index}_added AFTER INSERT ON ${table} ${isNew} BEGIN
      INSERT INTO ${index} (rowid, subject, text) VALUES (new.position, ${words("new")});
    END`,
    `CREATE TRIGGER ${index}_removed AFTER DELETE ON ${table} ${wasThere} BEGIN
      INSERT INTO ${index} (${index}, rowid, subject, text)
        VALUES ('delete', old.position, ${words("old")});
    END`
  ]
}

/** Indexes what there is, and from now on what comes. */
export const indexWords = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(INDEXED.flatMap(statementsOf), (statement) => sql.unsafe(statement), {
    discard: true
  })
})
