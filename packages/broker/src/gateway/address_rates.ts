/**
 * Bounds how fast one address does something: a token bucket for each.
 *
 * An IPv6 host has a whole network of addresses, so they count by network (/64).
 * This machine's own addresses are not bounded: they are several daemons, or a
 * proxy in front of everybody.
 *
 * @module
 */
import { isLoopback } from "./origins.ts"

/** Networks remembered; past it the one that was heard least recently is forgotten. */
const NETWORKS_MAX = 10_000

/** How many groups of an IPv6 address name its network. */
const NETWORK_GROUPS = 4
const ADDRESS_GROUPS = 8

/** What one address may do per second, and at once after a rest. */
export interface AddressRate {
  readonly perSecond: number
  readonly burst: number
}

interface Bucket {
  readonly tokens: number
  readonly at: number
}

/** Counts; `now` is monotonic milliseconds. */
export class AddressRates {
  readonly #rate: AddressRate
  readonly #buckets = new Map<string, Bucket>()

  constructor(rate: AddressRate) {
    this.#rate = rate
  }

  /** Whether the address may do it once more, now. */
  take(address: string, now: number): boolean {
    if (isLoopback(address)) return true
    const { burst, perSecond } = this.#rate
    const network = networkOf(address)
    const known = this.#buckets.get(network) ?? { tokens: burst, at: now }
    const tokens = Math.min(burst, known.tokens + ((now - known.at) / 1_000) * perSecond)
    const mayPass = tokens >= 1
    this.#buckets.delete(network) // so that the map stays in the order of last use
    this.#buckets.set(network, { tokens: mayPass ? tokens - 1 : tokens, at: now })
    this.#forgetOldest()
    return mayPass
  }

  #forgetOldest(): void {
    if (this.#buckets.size <= NETWORKS_MAX) return
    const [oldest] = this.#buckets.keys()
    if (oldest !== undefined) this.#buckets.delete(oldest)
  }
}

/** The address, or the network of an IPv6 address. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!address.includes(":")) return address
  const [head = "", tail = ""] = address.split("::")
  const [before, after] = [head, tail].map((part) => part === "" ? [] : part.split(":"))
  const groups = [...before ?? [], ...zeros(before, after), ...after ?? []]
  return groups.slice(0, NETWORK_GROUPS).join(":")
}

/** The groups for which `::` stands. */
function zeros(before: ReadonlyArray<string> = [], after: ReadonlyArray<string> = []) {
  return Array.from(
    { length: Math.max(0, ADDRESS_GROUPS - before.length - after.length) },
    () => "0"
  )
}
