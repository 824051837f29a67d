/**
 * How much memory is really in use, after the collector has run: what grows from round to round is a leak.
 *
 * @module
 */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/** Bytes of objects and buffers that are still held. */
export function settledHeapBytes(): number {
  setFlagsFromString("--expose-gc")
  const collect: unknown = runInNewContext("gc")
  // Buffers of the first round are given back in the background; the second waits for that.
  if (typeof collect === "function") { for (let round = 0; round < 2; round++) collect() }
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
