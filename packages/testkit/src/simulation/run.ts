/**
 * Runs a plan and judges it: what happened, what that breaks, and a fingerprint of all of it.
 *
 * @module
 */
import { check, type Violation } from "./check.ts"
import type { History } from "./history.ts"
import type { Programs } from "./parts.ts"
import type { Plan } from "./plan.ts"
import { play, type PlayOptions } from "./play.ts"

/** A run that was judged. */
export interface Judged {
  readonly history: History
  readonly violations: ReadonlyArray<Violation>
  /** The same for the same plan and programs: it covers every event and every frame. */
  readonly fingerprint: string
}

/** Runs and judges. What a program throws at the world itself is a violation, too. */
export function run(plan: Plan, programs: Programs, onFrame?: PlayOptions["onFrame"]): Judged {
  const fingerprint = new Fingerprint()
  try {
    const history = play(plan, {
      programs,
      onFrame: (frame) => {
        fingerprint.add(`${frame.at} ${frame.from} ${frame.to} ${frame.text.length}`)
        onFrame?.(frame)
      }
    })
    for (const event of history) fingerprint.add(JSON.stringify(event))
    return { history, violations: check(history), fingerprint: fingerprint.toString() }
  } catch (thrown) {
    const what = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown)
    const violations = [{ guarantee: "none", at: 0, what: `the world broke down: ${what}` }]
    return { history: [], violations, fingerprint: fingerprint.toString() }
  }
}

/** FNV-1a twice over, from two bases: not secret, only unlikely to collide. */
class Fingerprint {
  #one = 0x811c9dc5
  #other = 0x9dc5811c

  add(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      this.#one = Math.imul(this.#one ^ code, 0x01000193)
      this.#other = Math.imul(this.#other ^ (code + at), 0x01000193)
    }
  }

  toString(): string {
    return [this.#one, this.#other].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join(
      ""
    )
  }
}
