/**
 * Bounds connections that have not attached: how many there are, and how fast one address opens them.
 *
 * Addresses of this machine itself are only counted in the total: they are
 * several daemons, or a proxy in front of everybody.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import type { BrokerLimitValues } from "../broker_limits.ts"
import { isLoopback } from "./origins.ts"

/** Addresses remembered before those without a connection are forgotten. */
const ADDRESSES_MAX = 10_000

interface Address {
  open: number
  tokens: number
  at: number
}

/** Counts; `now` is monotonic milliseconds. */
export class UnattachedCaps {
  readonly #limits: BrokerLimitValues
  readonly #addresses = new Map<string, Address>()
  #open = 0

  constructor(limits: BrokerLimitValues) {
    this.#limits = limits
  }

  /** Counts one more, or says why not. Whoever is counted calls `release` once. */
  open(address: string, now: number): Refused | undefined {
    if (this.#open >= this.#limits.unattachedMax) {
      return refused("overloaded", "Cannot take the connection: too many have not attached yet")
    }
    if (!isLoopback(address) && !this.#take(address, now)) {
      return refused("rate_limited", "Cannot take the connection: this address opens too many")
    }
    this.#open += 1
    return undefined
  }

  /** The connection has attached, or closed. */
  release(address: string): void {
    this.#open -= 1
    const known = this.#addresses.get(address)
    if (known !== undefined) known.open -= 1
  }

  #take(address: string, now: number): boolean {
    const { connectsPerAddressPerSecond, unattachedPerAddressMax } = this.#limits
    const known = this.#addresses.get(address) ??
      { open: 0, tokens: unattachedPerAddressMax, at: now }
    const refilled = known.tokens + ((now - known.at) / 1_000) * connectsPerAddressPerSecond
    known.tokens = Math.min(unattachedPerAddressMax, refilled)
    known.at = now
    this.#remember(address, known)
    if (known.open >= unattachedPerAddressMax || known.tokens < 1) return false
    known.open += 1
    known.tokens -= 1
    return true
  }

  #remember(address: string, known: Address): void {
    this.#addresses.set(address, known)
    if (this.#addresses.size <= ADDRESSES_MAX) return
    for (const [other, { open }] of this.#addresses) {
      if (open === 0 && other !== address) this.#addresses.delete(other)
    }
  }
}
