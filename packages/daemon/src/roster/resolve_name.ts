/**
 * Resolves what a person typed to the devices of one member, or says why it cannot.
 *
 * `ada`, `@ada`, `ada@laptop`, a device's name where no member has it, or the
 * first 6 or more characters of an id. It never guesses: what is unknown is
 * answered with the nearest names, what is ambiguous with all it could mean.
 *
 * @module
 */
import { limits, type MemberId, type Refused, refused } from "@claudemesh/protocol"
import type { Peer } from "@claudemesh/protocol/local_api"
import { Result } from "effect"

/** Somebody who can be meant. */
export type Candidate = Omit<Peer, "state" | "since" | "self">

/** Who was meant: the devices of one member, and the name to show. */
export interface Resolved {
  readonly name: string
  readonly devices: ReadonlyArray<Candidate>
}

/** Among whom, and who is asking. */
export interface ResolveContext {
  readonly self: MemberId
  readonly candidates: ReadonlyArray<Candidate>
}

/** How many names are offered when none fits. */
const NEAREST_MAX = 3

/** Finds who is meant. */
export function resolveName(
  typed: string,
  { candidates, self }: ResolveContext
): Result.Result<Resolved, Refused> {
  const wanted = typed.trim().replace(/^@/, "").toLowerCase()
  if (/^[#*]/.test(wanted) || wanted === "all") {
    return Result.fail(refused("unsupported", `Cannot send to "${typed}" yet: only to one member`))
  }
  const found = matches(wanted, candidates)
  const members = new Set(found.map(({ member_id }) => member_id))
  if (members.size > 1) return ambiguous(typed, found)
  const [first] = found
  if (first === undefined) {
    return unknown(
      typed,
      wanted,
      candidates.filter(({ member_id }) => member_id !== self)
    )
  }
  if (first.member_id === self) {
    return Result.fail(refused("self_recipient", `Cannot send to "${typed}": that is you`))
  }
  return Result.succeed({ name: found.length === 1 ? first.name : first.member, devices: found })
}

/** The first way of naming that fits anybody: a member's name is never hidden by another's device. */
function matches(wanted: string, candidates: ReadonlyArray<Candidate>): ReadonlyArray<Candidate> {
  const ways: ReadonlyArray<(candidate: Candidate) => boolean> = [
    ({ member }) => member === wanted,
    ({ device, member }) => `${member}@${device}` === wanted,
    ({ device }) => device === wanted,
    ({ device_id, member_id }) => beginsSo(member_id, wanted) || beginsSo(device_id, wanted)
  ]
  return ways.map((fits) => candidates.filter(fits)).find((found) => found.length > 0) ?? []
}

function beginsSo(id: string, wanted: string): boolean {
  const digits = id.slice(2)
  const prefix = id.startsWith(wanted.slice(0, 2)) && wanted[1] === "_" ? wanted.slice(2) : wanted
  return prefix.length >= limits.idPrefixMin && digits.startsWith(prefix)
}

function ambiguous(typed: string, found: ReadonlyArray<Candidate>): Result.Result<never, Refused> {
  const names = found.map(({ device, member }) => `${member}@${device}`)
  return Result.fail(
    refused("ambiguous_name", `Cannot tell whom "${typed}" means`, { candidates: names })
  )
}

function unknown(
  typed: string,
  wanted: string,
  others: ReadonlyArray<Candidate>
): Result.Result<never, Refused> {
  const nearest = others
    .map(({ name }) => ({ name, distance: editDistance(wanted, name) }))
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, NEAREST_MAX)
    .map(({ name }) => name)
  return Result.fail(
    refused("unknown_name", `Cannot find "${typed}" in this mesh`, { candidates: nearest })
  )
}

/** Levenshtein's distance: insertions, deletions and substitutions from one word to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let at = 1; at <= from.length; at++) {
    const next = [at]
    for (let column = 1; column <= to.length; column++) {
      const substitution = (row[column - 1] ?? 0) + (from[at - 1] === to[column - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
