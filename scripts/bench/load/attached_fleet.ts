/**
 * A fleet of devices of one mesh, attached to a broker.
 *
 * @module
 */
import { signAttach, SOCKET_PATH, writeFrame } from "@claudemesh/protocol"
import { type MadeMesh, makeMesh, memberOf, sealBetween } from "@claudemesh/testkit"
import { NodeWS } from "@effect/platform-node"
import { Effect } from "effect"
import { type Fleet, type FleetListener, idOf } from "./fleet.ts"

/** Text that is padded to 1 KiB with what goes along with it. */
const TEXT = "x".repeat(850)

/** Statements of one request. */
const PAGE = 64

const INCARNATION = "AAAAAAAAAAAAAAAAAAAAAA"

/** Founds a mesh of so many devices at the broker, and attaches all of them. */
export const attachedFleet = Effect.fnUntraced(function*(origin: string, devices: number) {
  const names = Array.from({ length: devices }, (_, nth) => `m${nth}`)
  const [first = "", ...others] = names
  const mesh = makeMesh(`fleet ${devices} ${performance.now()}`, [first, ...others])
  yield* Effect.promise(() => found(origin, mesh))
  const run = Math.floor(performance.timeOrigin + performance.now()) % 0xffff_ffff
  let listener: FleetListener | undefined
  const members = yield* Effect.forEach(names, (name, nth) => {
    const neighbour = names[(nth + 1) % devices] ?? ""
    return member({ origin, mesh, name, neighbour, tell: () => listener, run })
  })
  const fleet: Fleet = {
    devices,
    send: (device, number) => members[device]?.(number),
    listen: (next) => {
      listener = next
    }
  }
  return fleet
})

async function found(origin: string, { statements }: MadeMesh): Promise<void> {
  for (let from = 0; from < statements.length; from += PAGE) {
    const body = JSON.stringify({ statements: statements.slice(from, from + PAGE) })
    const headers = { "content-type": "application/json" }
    const response = await fetch(`${origin}/v1/meshes`, { method: "POST", headers, body })
    if (!response.ok) throw new Error(`Cannot found the mesh: ${await response.text()}`)
  }
}

interface MemberOptions {
  readonly origin: string
  readonly mesh: MadeMesh
  readonly name: string
  readonly neighbour: string
  readonly tell: () => FleetListener | undefined
  readonly run: number
}

/** Answers with what sends, once it is attached. */
function member(options: MemberOptions) {
  const connect = Effect.acquireRelease(
    Effect.sync(() =>
      new NodeWS.WebSocket(`${options.origin.replace("http", "ws")}${SOCKET_PATH}`, {
        perMessageDeflate: false
      })
    ),
    (socket) => Effect.sync(() => socket.terminate())
  )
  return Effect.flatMap(connect, (socket) =>
    Effect.callback<(number: number) => void>((resume) => {
      const device = new AttachedDevice(socket, options, () => resume(Effect.succeed(device.send)))
      socket.on("message", (data: Buffer) => device.take(data.toString()))
      socket.on("close", (code) => resume(Effect.die(`The broker closed with ${code}`)))
      socket.on("error", (error) => resume(Effect.die(error)))
    }))
}

class AttachedDevice {
  readonly #socket: NodeWS.WebSocket
  readonly #options: MemberOptions
  readonly #onAttached: () => void
  readonly #template: ReadonlyArray<string>
  readonly #device: string
  #epoch = 0
  #sseq = 0
  #upto = 0
  #isAckDue = false

  constructor(socket: NodeWS.WebSocket, options: MemberOptions, onAttached: () => void) {
    const { mesh, name, neighbour } = options
    this.#socket = socket
    this.#options = options
    this.#onAttached = onAttached
    this.#device = memberOf(mesh, name).device
    const letter = { from: name, to: [neighbour], text: TEXT }
    const envelope = sealBetween(mesh, letter, { draft: { ttl: 3_600_000 } })
    const text = writeFrame({ type: "send", ref: 1, envelope })
    this.#template = text.split(/(?<="ref":)1|(?<="id":")[0-9a-f-]{36}|(?<="sseq":)1/)
  }

  readonly send = (number: number): void => {
    const [head = "", ...rest] = this.#template
    this.#sseq++
    const values = this.#template.slice(0, -1).map((part) =>
      part.endsWith(`"ref":`)
        ? number
        : part.endsWith(`"id":"`)
        ? idOf(this.#options.run, number)
        : this.#sseq
    )
    this.#socket.send(rest.reduce((text, part, at) => `${text}${values[at]}${part}`, head))
  }

  take(text: string): void {
    if (text.startsWith(`{"type":"push"`)) this.#pushed(text)
    else if (text.startsWith(`{"type":"admitted"`)) {
      this.#options.tell()?.admitted(numberAfter(text, `"ref":`))
    } else if (text.startsWith(`{"type":"challenge"`)) this.#attach(text)
    else if (text.startsWith(`{"type":"attached"`)) {
      this.#epoch = numberAfter(text, `"epoch":`)
      this.#onAttached()
    } else if (text.startsWith(`{"type":"refused"`)) throw new Error(text)
  }

  #attach(text: string): void {
    const { mesh, name } = this.#options
    const { membership } = mesh
    const claim = {
      mesh: membership.mesh,
      device: memberOf(mesh, name).device,
      have: { statements: membership.head.seq, upto: 0 },
      incarnation: INCARNATION,
      versions: [1]
    }
    const sig = signAttach(claim, JSON.parse(text), memberOf(mesh, name).deviceKey)
    this.#socket.send(writeFrame({ type: "attach", ...claim, sig }))
  }

  #pushed(text: string): void {
    this.#upto = numberAfter(text, `"seq":`)
    const at = text.indexOf(`"id":"`)
    this.#options.tell()?.arrived(Number.parseInt(text.slice(at + 30, at + 42), 16))
    if (this.#isAckDue) return
    this.#isAckDue = true
    setImmediate(() => {
      this.#isAckDue = false
      const ack =
        `{"type":"ack","log":"${this.#device}","epoch":${this.#epoch},"upto":${this.#upto}}`
      this.#socket.send(ack)
    })
  }
}

function numberAfter(text: string, name: string): number {
  return Number.parseInt(
    text.slice(text.indexOf(name) + name.length, text.indexOf(name) + name.length + 16),
    10
  )
}
