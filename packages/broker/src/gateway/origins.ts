/**
 * Which origins the broker may call its own: a device signs one to attach, so a wrong one could be a relay.
 *
 * With a public URL there is that one. Without, the name by which the client
 * reached the broker counts if it is a name of what the broker listens on. Any
 * other `Host` is refused: behind it may stand a page that rebinds its name.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
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

/** The broker's own origin for a request with that `Host` header. */
export function originFor(
  hostHeader: string | undefined,
  listening: Listening,
  machine: MachineNames
): Result.Result<string, Refused> {
  if (listening.publicUrl !== undefined) return Result.succeed(new URL(listening.publicUrl).origin)
  const url = URL.parse(`http://${hostHeader ?? ""}`)
  const names = namesOf(listening.host, machine)
  if (url !== null && portOf(url) === listening.port && names.includes(url.hostname)) {
    return Result.succeed(url.origin)
  }
  const allowed = names.map((name) => `${name}:${listening.port}`)
  const message = `Cannot serve host "${(hostHeader ?? "").slice(0, 200)}": this broker is ${
    allowed.join(", ")
  }; start it with --public-url if it has another name`
  return Result.fail(refused("wrong_origin", message))
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

function portOf({ port }: URL): number {
  return port === "" ? 80 : Number(port)
}

function bracketed(host: string): string {
  const name = unbracketed(host).toLowerCase()
  return name.includes(":") ? `[${name}]` : name
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1")
}
