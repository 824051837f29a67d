/**
 * Has the databases of the processes say what was committed in them: the history of a run is what was true.
 *
 * Triggers write each event into a table beside the others, in the transaction
 * that makes it so. What a process says of itself counts for nothing, and what
 * it deletes later has still been.
 *
 * @module
 */
import type { EventOf, HistoryEvent } from "@claudemesh/testkit/simulation"
import { DatabaseSync } from "node:sqlite"

/** What was committed, and when. */
export interface Witnessed<Event> {
  readonly at: number
  readonly event: Event
}

type Fact<Type extends HistoryEvent["type"], Unknown extends string> = Omit<
  EventOf<Type>,
  "at" | Unknown
>

/** What a daemon's database tells: whose it is, it does not know. */
export type DaemonFact =
  | Fact<"accepted", "sender" | "to">
  /** One recipient of a message, in the transaction that accepted it. */
  | {
    readonly type: "addressed"
    readonly mesh: string
    readonly id: string
    readonly device: string
  }
  | Fact<"shown", "sender">
  | Fact<"inboxed", "device">

/** What a broker's database tells. */
export type BrokerFact = Fact<"admitted", never> | Fact<"placed", never>

const TABLE = `CREATE TABLE IF NOT EXISTS chaos_witness (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  event TEXT NOT NULL
) STRICT`

/** `unixepoch` has whole milliseconds in a fraction that is not exact. */
const NOW = "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)"

/** Of which change which event is noted, its members in SQL. */
interface Trigger {
  readonly name: string
  readonly on: string
  readonly when?: string
  readonly event: Readonly<Record<string, string>>
}

const OUTGOING = "(SELECT class FROM outbox WHERE mesh = new.mesh AND id = new.id) = 'dm'"

const DAEMON: ReadonlyArray<Trigger> = [
  {
    name: "accepted",
    on: "INSERT ON outbox",
    when: "new.class = 'dm'",
    event: { mesh: "new.mesh", id: "new.id", text: "CAST(new.content AS TEXT)", ttl: "new.ttl" }
  },
  {
    name: "addressed",
    on: "INSERT ON outbox_recipients",
    when: OUTGOING,
    event: { mesh: "new.mesh", id: "new.id", device: "new.device" }
  },
  {
    name: "shown",
    on: "UPDATE OF state ON outbox_recipients",
    when: `new.state IS NOT old.state AND ${OUTGOING}`,
    event: {
      mesh: "new.mesh",
      id: "new.id",
      recipient: "new.device",
      state: "new.state",
      reason: "new.reason"
    }
  },
  {
    name: "inboxed",
    on: "INSERT ON inbox",
    event: { mesh: "new.mesh", sender: "new.sender", id: "new.id", text: "new.text" }
  }
]

const OF_DEVICE = "FROM devices WHERE num = new.num)"

const BROKER: ReadonlyArray<Trigger> = [
  {
    name: "admitted",
    on: "INSERT ON dedupes",
    event: {
      broker: "'broker'",
      mesh: `(SELECT mesh ${OF_DEVICE}`,
      sender: `(SELECT device ${OF_DEVICE}`,
      id: "new.id",
      attempt: "new.attempt"
    }
  },
  {
    name: "placed",
    on: "INSERT ON entries",
    event: {
      broker: "'broker'",
      mesh: `(SELECT mesh ${OF_DEVICE}`,
      device: `(SELECT device ${OF_DEVICE}`,
      seq: "new.seq"
    }
  }
]

/** Has a daemon's database tell from now on what it accepts, what comes, and what its user is shown. */
export function watchDaemon(filename: string): void {
  watch(filename, DAEMON)
}

/** Has a broker's database tell from now on what it admits, and which numbers it gives. */
export function watchBroker(filename: string): void {
  watch(filename, BROKER)
}

function watch(filename: string, triggers: ReadonlyArray<Trigger>): void {
  using database = new DatabaseSync(filename)
  database.exec(TABLE)
  for (const trigger of triggers) database.exec(sqlOf(trigger))
}

function sqlOf({ event, name, on, when = "true" }: Trigger): string {
  const members = Object.entries(event).map(([member, value]) => `, '${member}', ${value}`)
  return `CREATE TRIGGER IF NOT EXISTS chaos_${name} AFTER ${on} WHEN ${when} BEGIN
    INSERT INTO chaos_witness (at, event)
      VALUES (${NOW}, json_object('type', '${name}'${members.join("")}));
  END`
}

/** Everything that a daemon committed, in its order. */
export function readDaemon(filename: string): ReadonlyArray<Witnessed<DaemonFact>> {
  return read(filename)
}

/** Everything that a broker committed, in its order. */
export function readBroker(filename: string): ReadonlyArray<Witnessed<BrokerFact>> {
  return read(filename)
}

function read<Event>(filename: string): ReadonlyArray<Witnessed<Event>> {
  using database = new DatabaseSync(filename)
  return database.prepare("SELECT at, event FROM chaos_witness ORDER BY number").all()
    .map(({ at, event }) => ({ at: Number(at), event: JSON.parse(String(event)) }))
}
