/**
 * What happened in a run of a mesh, event by event: what the checker reads, and nothing else.
 *
 * A simulated world and a chaos run of real processes both write it. An event
 * is noted when it became true: a message is `accepted` or `inboxed` with the
 * commit that says so, whatever a program reports of it. Times are milliseconds
 * since the run began, by a clock that no fault touches.
 *
 * @module
 */

/** One thing that happened. Messages are named by mesh, sending device and id. */
export type HistoryEvent =
  /** A sender's outbox holds the message: from here on it must not be lost. */
  | Noted<
    "accepted",
    MessageName & {
      readonly to: ReadonlyArray<string>
      readonly text: string
      /** How long it is to be kept. */
      readonly ttl: number
    }
  >
  /** Somebody asked to send and was told this. */
  | Noted<"answered", {
    readonly mesh: string
    readonly device: string
    readonly id: string | undefined
    readonly text: string
    readonly answer: string
  }>
  /** A broker's store holds it. */
  | Noted<"admitted", MessageName & { readonly broker: string; readonly attempt: number }>
  /** A broker's store gave it a number in a mailbox. */
  | Noted<"placed", {
    readonly broker: string
    readonly mesh: string
    readonly device: string
    readonly seq: number
  }>
  /** The inbox of a device holds it. */
  | Noted<"inboxed", MessageName & { readonly device: string; readonly text: string }>
  /** What the sender is shown of one recipient from now on. */
  | Noted<
    "shown",
    MessageName & {
      readonly recipient: string
      readonly state: string
      readonly reason: string | undefined
    }
  >
  /** A device is attached at its broker, or not any more; by the broker's own table. */
  | Noted<"attached", { readonly mesh: string; readonly device: string }>
  | Noted<"detached", { readonly mesh: string; readonly device: string }>
  /** What a daemon was told of another device. */
  | Noted<"presence", {
    readonly mesh: string
    readonly observer: string
    readonly device: string
    readonly state: string
  }>
  /** A device is of the mesh no longer. */
  | Noted<"left", { readonly mesh: string; readonly device: string }>
  /** The machine of a device stays cut off from its broker. */
  | Noted<"cut_off", { readonly device: string }>
  /** A store has room for few messages: one may be refused for that. */
  | Noted<"quota_met", unknown>
  /** A process began, or ended. */
  | Noted<"started", { readonly process: string }>
  | Noted<"killed", { readonly process: string }>
  /** A store lost everything, or what it had not written out. */
  | Noted<"store_lost", { readonly broker: string }>
  /** A device lost what it had written since then. Its keys are kept elsewhere. */
  | Noted<"forgot", { readonly mesh: string; readonly device: string; readonly since: number }>
  /** The clock of a machine was set. */
  | Noted<"clock_set", { readonly machine: string; readonly skewMillis: number }>
  /** A fault, in words for the trace. */
  | Noted<"fault", { readonly what: string }>
  /** A program logged an error. */
  | Noted<"logged", { readonly process: string; readonly text: string }>
  /** From here on nothing goes wrong any more. */
  | Noted<"healed", unknown>
  /** Everything had the time it needs. */
  | Noted<"ended", { readonly bufferedBytesMax: number }>

/** An event of one type. */
export type EventOf<Type extends HistoryEvent["type"]> = Extract<
  HistoryEvent,
  { readonly type: Type }
>

/** The run. */
export type History = ReadonlyArray<HistoryEvent>

/** An event before it has its time. */
export type Happening = HistoryEvent extends infer Event
  ? Event extends HistoryEvent ? Omit<Event, "at"> : never
  : never

/** Names one message of the world. */
export interface MessageName {
  readonly mesh: string
  readonly sender: string
  readonly id: string
}

type Noted<Type extends string, Facts> = Facts & { readonly type: Type; readonly at: number }

/** One text for one message. */
export function nameOf({ id, mesh, sender }: MessageName): string {
  return `${mesh}/${sender}/${id}`
}

/** All events of one type, in order. */
export function eventsOf<Type extends HistoryEvent["type"]>(
  history: History,
  type: Type
): ReadonlyArray<EventOf<Type>> {
  return history.filter((event): event is EventOf<Type> => event.type === type)
}
