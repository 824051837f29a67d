/**
 * Acts that a scenario aims at one weak spot, and that no seed draws.
 *
 * @module
 */
import type { Moment } from "./moments.ts"
import type { Act, HostRef } from "./plan.ts"

/** What can be aimed. */
export type AimedAct =
  /** Does something in the middle of the first, or nth, such moment from now on. */
  | {
    readonly act: "once"
    readonly moment: Moment
    readonly nth?: number
    readonly does: Act
  }
  /** Nothing reaches an unsynced disk any more, whatever it says, until its machine loses power. */
  | { readonly act: "hold_writes"; readonly broker: number }
  /** The next commit fails; it may have happened all the same. */
  | { readonly act: "fail_commit"; readonly host: HostRef; readonly isDone: boolean }
  /** Copies a machine's database, for `restore_disk`. */
  | { readonly act: "save_disk"; readonly machine: number }
  /** Puts the copy, or without one an empty database, in the place of what is there. Keys are kept elsewhere. */
  | { readonly act: "restore_disk"; readonly machine: number; readonly downMillis: number }
  /** A copy of a machine, keys and all, runs beside it for a while. */
  | { readonly act: "clone"; readonly machine: number; readonly millis: number }
  /** Erases the private halves of a machine's prekeys. */
  | { readonly act: "lose_prekeys"; readonly machine: number; readonly downMillis: number }
  /** A machine's connections break, and one end does not notice. */
  | {
    readonly act: "half_open"
    readonly machine: number
    readonly deaf: "machine" | "broker"
  }
  /** What is under way on the connections of a machine stays so for a while; on newer ones nothing does. */
  | { readonly act: "stall"; readonly machine: number; readonly millis: number }
  /** A stranger connects and sends everything of one type that the broker was ever sent. */
  | { readonly act: "intrude"; readonly broker: number; readonly frames: string }
  /** A machine sends everything of one type again that it ever sent. */
  | { readonly act: "resend"; readonly machine: number; readonly frames: string }
  /** Clients reach the broker through another one, which passes everything on and says that it is the one they mean. */
  | { readonly act: "relay"; readonly broker: number; readonly millis: number }
  /** The broker pushes to a machine what it pushed to another, or to this one, as if it were new. */
  | { readonly act: "misdirect"; readonly from: number; readonly to: number }
