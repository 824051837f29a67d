/**
 * Lets nothing more through once the disk has failed, or the file has proved damaged.
 *
 * After a failed sync nobody knows what the disk holds: the system may have dropped what it could not
 * write, and the next sync then succeeds without it. What was committed shows only when the file is
 * opened anew. So the first such fault is remembered and told, and every later call fails with it.
 *
 * But for what undoes: a transaction in whose middle the fault was found is still rolled back. That puts
 * nothing into the file, and whoever waits for the transaction learns of the fault, not of a failed rollback.
 *
 * @module
 */
import { faultOf, reasonOf } from "./sqlite_error.ts"

/** Why a connection is of no use any more. */
export interface LastingFault {
  readonly fault: "io" | "corrupt"
  readonly reason: string
}

/** Runs a call, unless one before it has failed for good; what only undoes runs even then. */
export type Guard = <A>(call: () => A, kind?: CallKind) => A

/** Whether a call does something, or takes back what a transaction has done so far. */
export type CallKind = "do" | "undo"

/** What kind of call runs a statement. Only ever within a transaction, of which COMMIT alone keeps anything. */
export function kindOf(sql: string): CallKind {
  return /^(?:ROLLBACK|RELEASE)\b/.test(sql) ? "undo" : "do"
}

/** Lets everything through. */
export function unguarded<A>(call: () => A): A {
  return call()
}

/** Makes the guard of one connection; `onFault` is called once. A full disk is no such fault: it passes. */
export function makeGuard(onFault: (fault: LastingFault) => void): Guard {
  let lasting: { readonly thrown: unknown } | undefined
  return (call, kind = "do") => {
    if (lasting !== undefined && kind === "do") throw lasting.thrown
    try {
      return call()
    } catch (thrown) {
      const fault = faultOf(thrown)
      if (lasting === undefined && (fault === "io" || fault === "corrupt")) {
        lasting = { thrown }
        onFault({ fault, reason: reasonOf(thrown) })
      }
      throw thrown
    }
  }
}
