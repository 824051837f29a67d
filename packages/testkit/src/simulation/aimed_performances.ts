/**
 * How each act that a scenario aims is carried out in a world.
 *
 * @module
 */
import { Effect } from "effect"
import type { AimedAct } from "./aimed_acts.ts"
import type { SimulatedConnection } from "./connection.ts"
import { type Play, startLater, undoAfter } from "./playing.ts"
import { originOf, type World } from "./world.ts"

/** Every aimed act but the one that does another. */
type Aimed = Exclude<AimedAct, { readonly act: "once" }>

type AimedOf<Name extends Aimed["act"]> = Extract<Aimed, { readonly act: Name }>

/** The rows of the table of acts. */
export const aimedPerformances: {
  readonly [Name in Aimed["act"]]: (play: Play, act: AimedOf<Name>) => void
} = {
  hold_writes: ({ world }, { broker }) => {
    const disk = world.brokers[broker]?.disk
    if (disk !== undefined) disk.isLying = true
  },
  fail_commit: ({ world }, { host, isDone }) => {
    const { disk } = world.host(host)
    if (isDone) disk.loseAnswer()
    else disk.failCommit()
  },
  save_disk: ({ saved, world }, { machine }) => {
    const disk = world.machines[machine]?.disk
    if (disk === undefined) return
    // Next, not now: this may be in the middle of a transaction.
    world.timeline.after(
      0,
      () => saved.set(machine, { at: world.timeline.now, database: disk.copy() })
    )
  },
  restore_disk: (play, { downMillis, machine }) => {
    const { saved, world } = play
    const copy = saved.get(machine)
    saved.delete(machine)
    world.machines[machine]?.wipe(copy?.database)
    forget(world, machine, copy?.at ?? 0)
    startLater(play, { kind: "machine", number: machine }, downMillis)
  },
  clone: (play, { machine, millis }) => {
    const clone = play.world.clone(machine)
    clone.start()
    undoAfter(play, millis, () => clone.destroy())
  },
  lose_prekeys: (play, { downMillis, machine }) => {
    play.world.machines[machine]?.kill()
    play.world.files[machine]?.clear()
    startLater(play, { kind: "machine", number: machine }, downMillis)
  },
  half_open: ({ world }, { deaf, machine }) => {
    for (const connection of connectionsOf(world, machine)) {
      connection.cutFrom(deaf === "machine" ? "client" : "broker")
    }
  },
  stall: (play, { machine, millis }) => {
    const stalled = connectionsOf(play.world, machine)
    for (const connection of stalled) connection.stall(true)
    undoAfter(play, millis, () => {
      for (const connection of stalled) connection.stall(false)
    })
  },
  intrude: ({ world }, { broker, frames }) => {
    const process = world.stranger()
    const known = world.network.recorded.filter(({ text }) => isOf(text, frames))
    process.run(Effect.gen(function*() {
      const link = yield* world.network.connect(
        { process, machine: process.name },
        originOf(broker)
      )
      yield* link.receive
      link.send(known.map(({ text }) => text))
      return yield* Effect.forever(link.receive)
    }))
  },
  resend: ({ world }, { frames, machine }) => {
    const name = world.machines[machine]?.name
    const own = world.network.recorded.filter(({ from, text }) =>
      from === name && isOf(text, frames)
    )
    for (const connection of connectionsOf(world, machine)) {
      for (const { text } of own) connection.send("client", text)
    }
  },
  relay: (play, { broker, millis }) => {
    const host = play.world.brokers[broker]
    if (host === undefined) return
    play.world.relayed.add(host)
    undoAfter(play, millis, () => play.world.relayed.delete(host))
  },
  misdirect: ({ world }, { from, to }) => {
    const names = { from: world.machines[from]?.name, to: world.machines[to]?.name }
    const { pushed } = world.network
    const last = pushed.findLast((push) => push.to === names.to)
    const pushes = pushed.filter((push) => push.to === names.from)
    for (const connection of connectionsOf(world, to)) {
      for (const [nth, { text }] of pushes.entries()) {
        connection.send("broker", asNext(text, last?.text, nth + 1))
      }
    }
  }
}

function connectionsOf(
  { machines, network }: World,
  machine: number
): ReadonlyArray<SimulatedConnection> {
  const name = machines[machine]?.name
  return [...network.connections].filter(({ client }) => client.machine === name)
}

function forget(world: World, machine: number, since: number): void {
  for (const [nth, { membership: { mesh } }] of world.meshes.entries()) {
    world.tell({ type: "forgot", mesh, device: world.deviceOf(machine, nth), since })
  }
}

function isOf(text: string, type: string): boolean {
  return text.includes(`"type":"${type}"`)
}

/** A push with the log and the attachment of another one, and a number so much after its own. */
function asNext(text: string, last: string | undefined, after: number): string {
  const push: object = JSON.parse(text)
  const { epoch, log, seq } = JSON.parse(last ?? text)
  return JSON.stringify({ ...push, log, epoch, seq: seq + after })
}
