/**
 * Gives ids of a run the names that a person reads: devices by member, messages by number.
 *
 * @module
 */
import type { Plan } from "./plan.ts"
import { meshOf } from "./world.ts"

/** The names of one run. */
export class Names {
  readonly #devices = new Map<string, string>()
  readonly #messages = new Map<string, string>()

  constructor(plan: Plan) {
    for (let nth = 0; nth < plan.meshes; nth++) {
      for (const { device, name } of meshOf(plan, nth).members.values()) {
        this.#devices.set(device, plan.meshes > 1 ? `${name}/${nth}` : name)
      }
    }
  }

  device(id: string): string {
    return this.#devices.get(id) ?? id
  }

  /** `#5` for the fifth send of a plan, `r3` for the third envelope that a daemon made by itself. */
  message(id: string): string {
    if (id.startsWith(SENT)) return `#${Number.parseInt(id.slice(SENT.length), 16)}`
    const known = this.#messages.get(id) ?? `r${this.#messages.size}`
    this.#messages.set(id, known)
    return known
  }

  /** A frame in a few words. */
  frame(text: string): string {
    const type = /"type":"(\w+)"/.exec(text)?.[1]
    if (type === undefined) return `${text.length} bytes that are no frame`
    const numbers = ["ref", "seq", "upto", "epoch"].flatMap((name) => {
      const value = new RegExp(`"${name}":(\\d+)`).exec(text)?.[1]
      return value === undefined ? [] : [`${name} ${value}`]
    })
    const id = /"id":"(0[0-9a-f]{7}-[0-9a-f-]{27})"/.exec(text)?.[1]
    const code = /"code":"(\w+)"/.exec(text)?.[1]
    const parts = [type, ...(id === undefined ? [] : [this.message(id)]), ...numbers]
    return [
      ...parts,
      ...(code === undefined ? [] : [code]),
      ...(isWhole(text) ? [] : ["(cut short)"])
    ].join(" ")
  }
}

/** The id of a plan's nth send: of the run's own making, so that who asks can ask again after a crash. */
export function messageId(number: number): string {
  return `${SENT}${number.toString(16).padStart(12, "0")}`
}

const SENT = "019b7600-0000-7000-8000-"

function isWhole(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
