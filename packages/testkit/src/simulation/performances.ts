/**
 * How each step of a plan is carried out in a world.
 *
 * @module
 */
import { aimedPerformances } from "./aimed_performances.ts"
import { messageId } from "./names.ts"
import type { Act, Step } from "./plan.ts"
import { type Asked, lost, type Play, startLater, undoAfter } from "./playing.ts"
import type { World } from "./world.ts"

type ActOf<Name extends Act["act"]> = Extract<Act, { readonly act: Name }>

/** The table of acts. */
const performances: { readonly [Name in Act["act"]]: (play: Play, act: ActOf<Name>) => void } = {
  ...aimedPerformances,
  once: (play, { does, moment, nth = 1 }) =>
    play.world.moments.await(moment, nth, () => carryOut(play, does)),
  send: (play, { from, idOf, mesh, priority, size, to, ttl }) => {
    const number = play.asked.length
    const text = `${number}:${"x".repeat(size)}`
    const id = messageId(idOf ?? number)
    const asked = { machine: from, mesh, to: `m${to}`, text, id, ttl, priority }
    play.asked.push(asked)
    ask(play, asked)
  },
  repeat: (play, { earlier, isAltered }) => {
    const asked = play.asked[earlier]
    if (asked === undefined) return
    ask(play, isAltered ? { ...asked, text: `${asked.text} altered` } : asked)
  },
  leave: (play, { machine, mesh }) => leave(play, machine, mesh),
  kill: (play, { downMillis, host }) => {
    play.world.host(host).kill()
    startLater(play, host, downMillis)
  },
  kill_at_call: (play, { calls, downMillis, host }) => {
    play.world.host(host).disk.killAtCall(calls)
    startLater(play, host, downMillis)
  },
  stop: (play, { downMillis, host }) => {
    play.world.host(host).stop()
    startLater(play, host, downMillis)
  },
  lose_power: (play, { downMillis, host }) => {
    play.world.host(host).losePower()
    if (host.kind === "broker") lost(play, host.number)
    startLater(play, host, downMillis)
  },
  wipe: (play, { broker, downMillis }) => {
    const host = { kind: "broker", number: broker } as const
    play.world.brokers[broker]?.wipe()
    lost(play, broker)
    startLater(play, host, downMillis)
  },
  freeze: (play, { host, millis }) => {
    const { process } = play.world.host(host)
    process?.freeze()
    undoAfter(play, millis, () => process?.thaw())
  },
  fill_disk: (play, { host, millis }) => {
    const { disk } = play.world.host(host)
    disk.isFull = true
    undoAfter(play, millis, () => {
      disk.isFull = false
    })
  },
  set_clock: ({ world }, { host, skewMillis }) => {
    const machine = world.host(host)
    machine.skewMillis = skewMillis
    world.tell({ type: "clock_set", machine: machine.name, skewMillis })
  },
  cut: ({ world }, { machine }) => {
    const name = world.machines[machine]?.name
    for (const connection of world.network.connections) {
      if (connection.client.machine === name) connection.cut()
    }
  },
  replay: ({ world }, { frames, machine }) => {
    const name = world.machines[machine]?.name
    for (const connection of world.network.connections) {
      if (connection.client.machine !== name) continue
      for (let count = 0; count < frames; count++) world.network.replay(connection)
    }
  },
  lose_answer: ({ world }, { broker }) => world.brokers[broker]?.disk.loseAnswer(),
  partition: (play, { broker, machine, millis, ways }) => {
    const { network } = play.world
    const [here, there] = [
      play.world.machines[machine]?.name ?? "",
      play.world.brokers[broker]?.name ?? ""
    ]
    const undo = [
      ...(ways === "from_broker" ? [] : [network.block(here, there)]),
      ...(ways === "to_broker" ? [] : [network.block(there, here)])
    ]
    if (millis === undefined) return cutOff(play.world, machine, broker)
    undoAfter(play, millis, () => undo.forEach((unblock) => unblock()))
  }
}

/** Carries a step out. */
export function perform(play: Play, step: Step): void {
  const { at: _, ...act } = step
  carryOut(play, act)
}

function carryOut(play: Play, act: Act): void {
  const { act: name, ...facts } = act
  play.world.tell({ type: "fault", what: `${name} ${JSON.stringify(facts)}` })
  performOne(play, act)
}

function performOne<Name extends Act["act"]>(
  play: Play,
  act: ActOf<Name> & { readonly act: Name }
): void {
  const performance: (play: Play, act: ActOf<Name>) => void = performances[act.act]
  performance(play, act)
}

function ask({ world }: Play, { id, machine, mesh, priority, text, to, ttl }: Asked): void {
  const host = world.machines[machine]
  const membership = world.meshes[mesh]?.membership.mesh
  if (host?.running === undefined || host.process === undefined || membership === undefined) return
  const options = { ...(ttl && { ttl }), ...(priority && { priority }) }
  const request = { mesh: membership, to, text, id, ...options }
  const device = world.deviceOf(machine, mesh)
  host.process.run(host.running.send(request), (exit) => {
    const answer = exit._tag === "Success" ? "accepted" : failureOf(exit)
    world.tell({ type: "answered", mesh: membership, device, id, text, answer })
  })
}

function failureOf(exit: { readonly cause: { readonly reasons: ReadonlyArray<object> } }): string {
  const [reason] = exit.cause.reasons
  return reason !== undefined && "error" in reason ? String(reason.error) : "defect"
}

function leave({ world }: Play, machine: number, mesh: number): void {
  const host = world.machines[machine]
  const membership = world.meshes[mesh]?.membership.mesh
  if (host?.running === undefined || host.process === undefined || membership === undefined) return
  // The first member is the only admin, and therefore refused.
  if (machine > 0) {
    world.tell({ type: "left", mesh: membership, device: world.deviceOf(machine, mesh) })
  }
  host.process.run(host.running.leave(membership))
}

function cutOff(world: World, machine: number, broker: number): void {
  for (const mesh of world.meshes.keys()) {
    if (mesh % world.plan.brokers !== broker) continue
    world.tell({ type: "cut_off", device: world.deviceOf(machine, mesh) })
  }
}
