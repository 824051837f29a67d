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
import { AddressRates, networkOf } from "./address_rates.ts"
import { isLoopback } from "./origins.ts"

/** Counts; `now` is monotonic milliseconds. */
export class UnattachedCaps {
  readonly #limits: BrokerLimitValues
  readonly #rates: AddressRates
  readonly #openOf = new Map<string, number>()
  #open = 0

  constructor(limits: BrokerLimitValues) {
    this.#limits = limits
    this.#rates = new AddressRates({
      perSecond: limits.connectsPerAddressPerSecond,
      burst: limits.unattachedPerAddressMax
    })
  }

  /** Counts one more, or says why not. Whoever is counted calls `release` once. */
  open(address: string, now: number): Refused | undefined {
    if (this.#open >= this.#limits.unattachedMax) {
      return refused("overloaded", "Cannot take the connection: too many have not attached yet")
    }
    const network = networkOf(address)
    const isFull = !isLoopback(address) &&
      (this.#openOf.get(network) ?? 0) >= this.#limits.unattachedPerAddressMax
    if (isFull || !this.#rates.take(address, now)) {
      return refused("rate_limited", "Cannot take the connection: this address opens too many")
    }
    this.#count(network, 1)
    return undefined
  }

  /** The connection has attached, or closed. */
  release(address: string): void {
    this.#count(networkOf(address), -1)
  }

  #count(network: string, change: 1 | -1): void {
    this.#open += change
    const open = (this.#openOf.get(network) ?? 0) + change
    if (open > 0) this.#openOf.set(network, open)
    else this.#openOf.delete(network)
  }
}
