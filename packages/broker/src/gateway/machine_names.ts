/**
 * What this machine is called, and the addresses of its interfaces now.
 *
 * @module
 */
import { hostname, networkInterfaces } from "node:os"
import type { MachineNames } from "./origins.ts"

/** Asks the system; addresses come and go, so nothing is remembered. */
export function machineNames(): MachineNames {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return { hostName: hostname(), addresses: interfaces.map(({ address }) => address) }
}
