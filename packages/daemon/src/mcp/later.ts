/**
 * Something that is to be done soon: asked for several times, it is done once, at the earliest of the times.
 *
 * @module
 */

/** The clock it goes by. */
export interface LaterWorld {
  readonly now: () => number
  readonly after: (millis: number, run: () => void) => () => void
}

/** One thing to be done. */
export class Later {
  readonly #world: LaterWorld
  readonly #run: () => void
  #pending: { readonly at: number; readonly cancel: () => void } | undefined

  constructor(world: LaterWorld, run: () => void) {
    this.#world = world
    this.#run = run
  }

  /** Sees to it that it is done in so many milliseconds at the latest. */
  within(millis: number): void {
    const at = this.#world.now() + millis
    if (this.#pending !== undefined && this.#pending.at <= at) return
    this.#pending?.cancel()
    const cancel = this.#world.after(millis, () => {
      this.#pending = undefined
      this.#run()
    })
    this.#pending = { at, cancel }
  }
}
