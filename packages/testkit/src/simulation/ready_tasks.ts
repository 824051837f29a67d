/**
 * What is ready to run now, of all processes of a world: a draw from the seed says what runs next.
 *
 * So one seed explores one interleaving of all fibers, and another seed another.
 * Tasks of a process that has died are dropped, those of a frozen one are kept
 * until it goes on.
 *
 * @module
 */
import type { Chance } from "./chance.ts"

/** The process a task belongs to. */
export interface TaskOwner {
  readonly state: "running" | "frozen" | "dead"
  /** Keeps what became ready while it is frozen. */
  readonly hold: (run: () => void) => void
}

interface Task {
  readonly owner: TaskOwner
  readonly run: () => void
}

/** Tasks at one instant after which a world counts as livelocked: a fiber goes round without end. */
const TASKS_PER_INSTANT_MAX = 2_000_000

/** Everything that is ready. */
export class ReadyTasks {
  readonly #tasks: Array<Task> = []
  readonly #chance: Chance

  constructor(chance: Chance) {
    this.#chance = chance
  }

  add(owner: TaskOwner, run: () => void): void {
    this.#tasks.push({ owner, run })
  }

  /** Runs until nothing is ready. */
  drain(): void {
    const tasks = this.#tasks
    for (let count = 0; tasks.length > 0; count++) {
      if (count > TASKS_PER_INSTANT_MAX) throw new Error("The world is livelocked")
      const at = this.#chance.below(tasks.length)
      const task = tasks[at]
      const last = tasks.pop()
      if (task === undefined || last === undefined) return
      if (at < tasks.length) tasks[at] = last
      if (task.owner.state === "frozen") task.owner.hold(task.run)
      else if (task.owner.state === "running") task.run()
    }
  }
}
