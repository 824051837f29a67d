/**
 * Which origins the broker may call its own: a device signs one to attach, so a wrong one could be a relay.
 *
 * Its own are the public URL's, and `http` with a name of what it listens on.
 * The client says in a header which one it dialled, and that one is answered
 * for if it is among them. A client that says nothing means the public URL, and
 * without one its `Host`: what proxies rewrite can decide nothing else. All
 * others are refused: behind a `Host` may stand a page that rebinds its name.
 *
 * The header need not be believed. A relay can choose among the names that the
 * broker has anyway, but never make it say the relay's own; and the device
 * refuses to sign an origin that is not the one it dialled.
 *
 * @module
 */
import { DIALLED_HEADER, type Refused, refused } from "@claudemesh/protocol"
import { Result } from "effect"

/** Where the broker listens, and how it is known outside. */
export interface Listening {
  readonly host: string
  readonly port: number
  readonly publicUrl?: string
}

/** What this machine is called, and the addresses of its interfaces. */
export interface MachineNames {
  readonly hostName: string
  readonly addresses: ReadonlyArray<string>
}

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"] as const

/** Request headers, by their names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

/** The broker's own origin for a request with those headers. */
export function originFor(
  headers: RequestHeaders,
  listening: Listening,
  machine: MachineNames
): Result.Result<string, Refused> {
  const asked = askedOrigin(headers, listening)
  const origin = URL.parse(asked)?.origin
  const own = ownOrigins(listening, machine)
  if (origin !== undefined && own.includes(origin)) return Result.succeed(origin)
  // Whoever has a public URL need not tell strangers the addresses behind it.
  const named = listening.publicUrl === undefined ? own : own.slice(0, 1)
  const message = `Cannot serve "${asked.slice(0, 200)}": this broker is ${
    named.join(", ")
  }; start it with --public-url if it has another name`
  return Result.fail(refused("wrong_origin", message))
}

/** All that the broker may call itself, the public URL's first. */
export function ownOrigins(listening: Listening, machine: MachineNames): ReadonlyArray<string> {
  const { host, port, publicUrl } = listening
  const names = namesOf(host, machine).map((name) => `http://${name}:${port}`)
  const urls = publicUrl === undefined ? names : [publicUrl, ...names]
  return [...new Set(urls.flatMap((url) => URL.parse(url)?.origin ?? []))]
}

function askedOrigin(headers: RequestHeaders, { publicUrl }: Listening): string {
  const dialled = headers[DIALLED_HEADER]
  if (dialled !== undefined) return String(dialled)
  return publicUrl ?? `http://${String(headers["host"] ?? "")}`
}

/** Whether nobody but this machine reaches the broker, so that whoever does may found meshes. */
export function isPrivate({ host, publicUrl }: Listening): boolean {
  if (!isLoopback(host)) return false
  return publicUrl === undefined || isLoopback(new URL(publicUrl).hostname)
}

/** Whether it names this machine only to itself. */
export function isLoopback(host: string): boolean {
  const address = unbracketed(host).replace(/^::ffff:/i, "")
  return address === "localhost" || address === "::1" || /^127(\.\d{1,3}){3}$/.test(address)
}

function namesOf(host: string, { addresses, hostName }: MachineNames): ReadonlyArray<string> {
  if (isLoopback(host)) return [...new Set([bracketed(host), ...LOOPBACK_NAMES])]
  if (isWildcard(host)) {
    return [...LOOPBACK_NAMES, hostName.toLowerCase(), ...addresses.map(bracketed)]
  }
  return addresses.includes(unbracketed(host))
    ? [bracketed(host), hostName.toLowerCase()]
    : [bracketed(host)]
}

/** The address that a person on this machine can use. */
export function localOrigin({ host, port, publicUrl }: Listening): string {
  if (publicUrl !== undefined) return new URL(publicUrl).origin
  return new URL(`http://${isWildcard(host) ? "127.0.0.1" : bracketed(host)}:${port}`).origin
}

/** Whether it stands for every interface. */
export function isWildcard(host: string): boolean {
  return host === "" || host === "0.0.0.0" || unbracketed(host) === "::"
}

function bracketed(host: string): string {
  const name = unbracketed(host).toLowerCase()
  return name.includes(":") ? `[${name}]` : name
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1")
}
