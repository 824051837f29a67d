/**
 * A world while a plan is played in it: what was asked of it so far, and what is undone when it heals.
 *
 * @module
 */
import type { DiskDatabase } from "./disk_database.ts"
import type { HostRef } from "./plan.ts"
import type { World } from "./world.ts"

/** What was asked to be sent, by its place among the sends. */
export interface Asked {
  readonly machine: number
  readonly mesh: number
  readonly to: string
  readonly text: string
  readonly id: string
  readonly ttl: number | undefined
  readonly priority: "now" | "low" | undefined
}

/** The world, and what belongs to playing in it. */
export interface Play {
  readonly world: World
  readonly asked: Array<Asked>
  readonly undo: Set<() => void>
  /** Copies of databases by machine, and when they were made. */
  readonly saved: Map<number, { readonly at: number; readonly database: DiskDatabase }>
}

/** A world in which nothing was asked yet. */
export function playIn(world: World): Play {
  return { world, asked: [], undo: new Set(), saved: new Map() }
}

/** Undoes something once: after so long, or when everything heals. */
export function undoAfter({ undo, world }: Play, millis: number, run: () => void): void {
  function once() {
    if (undo.delete(once)) run()
  }
  undo.add(once)
  world.timeline.after(millis, once)
}

/** Starts a machine again. */
export function startLater(play: Play, host: HostRef, millis: number): void {
  undoAfter(play, millis, () => play.world.host(host).start())
}

/** Tells that a broker's store lost something. */
export function lost({ world }: Play, broker: number): void {
  world.tell({ type: "store_lost", broker: world.brokers[broker]?.name ?? "" })
}
