/**
 * What parts of a world need of it, without the world.
 *
 * @module
 */
import { Function, Logger } from "effect"
import { makeChance } from "../chance.ts"
import { Disk } from "../disk.ts"
import type { Happening } from "../history.ts"
import { Moments } from "../moments.ts"
import { Network } from "../network.ts"
import { Process } from "../process.ts"
import { ReadyTasks } from "../ready_tasks.ts"
import { Timeline } from "../timeline.ts"

/** Time, tasks, a network and processes; `pass` lets so much time pass. */
export function makeSurroundings(seed = "surroundings") {
  const chance = makeChance(seed)
  const timeline = new Timeline(chance.fork("timeline"))
  const ready = new ReadyTasks(chance.fork("ready"))
  const moments = new Moments()
  const happened: Array<Happening> = []
  const frames: Array<string> = []
  const network = new Network({
    timeline,
    chance: chance.fork("network"),
    onFrame: (from, to, text) => frames.push(`${from} > ${to}: ${text}`)
  })

  function pass(millis: number): void {
    const until = timeline.now + millis
    ready.drain()
    while (timeline.step(until)) ready.drain()
  }
  function makeProcess(name = "process", skewMillis = 0): Process {
    return new Process({
      name,
      timeline,
      ready,
      chance: chance.fork(name),
      skewMillis: () => skewMillis,
      onKilled: Function.constVoid,
      logger: Logger.make(Function.constVoid)
    })
  }
  function makeDisk(isUnsynced = false): Disk {
    return new Disk({ name: "disk", chance: chance.fork("disk"), isUnsynced, moments })
  }
  return {
    chance,
    timeline,
    ready,
    moments,
    network,
    tuning: {},
    happened,
    frames,
    tell: (happening: Happening) => void happened.push(happening),
    pass,
    makeProcess,
    makeDisk
  }
}
