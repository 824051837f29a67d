/**
 * What must hold after a run with hostile connections; each line of the answer is a promise that was broken.
 *
 * @module
 */
import { closeCodes, limits } from "@claudemesh/protocol"
import type { KeptLog } from "@claudemesh/testkit"
import type { HostileRun, Remains } from "./hostile_run.ts"
import { letters } from "./hostile_world.ts"

/** With which a connection that misbehaves may be closed: never with a fault of the broker's own. */
const CODES: ReadonlySet<number> = new Set([
  closeCodes.policy,
  closeCodes.replaced,
  closeCodes.revoked,
  closeCodes.unsupportedVersion
])

const ids = letters.map(({ header }) => header.id)

/** Every broken promise; nothing is what is wanted. */
export function brokenPromises(run: HostileRun, log: KeptLog): ReadonlyArray<string> {
  const rising = [...new Set(run.pushed)].toSorted((one, other) => one - other)
  const checks: ReadonlyArray<readonly [holds: boolean, promise: string]> = [
    [log.alarms().length === 0, `alarms nobody: ${log.alarms().join("; ").slice(0, 500)}`],
    [log.lines.length <= run.remains.length, `logs little, not ${log.lines.length} lines`],
    [run.served.every(Boolean), "goes on answering the honest"],
    [isSame(run.admitted, ids), `admits each letter once, not ${run.admitted.join(", ")}`],
    [
      isSame(run.delivered, ids),
      `delivers each letter once, in order, not ${run.delivered.join(", ")}`
    ],
    [isSame(run.pushed, rising), `pushes rising numbers, not ${run.pushed.join(", ")}`],
    [
      run.lost.length === 0,
      `pushes again what is not acknowledged, but not ${run.lost.join(", ")}`
    ],
    [run.epochs === 1, `lets nobody attach as somebody else: ${run.epochs - 1} did`],
    ...run.remains.flatMap(checksOf)
  ]
  return checks.flatMap(([holds, promise]) => holds ? [] : [promise])
}

function checksOf({ closedWith, isPaused, largestAnswer, texts, waiting }: Remains) {
  const said = texts.join("\n").slice(0, 2_000)
  return [
    [
      closedWith === undefined || CODES.has(closedWith),
      `closes for a reason, not with ${closedWith}: ${said}`
    ],
    [waiting === 0 && !isPaused, `reads everything, not all but ${waiting}: ${said}`],
    [
      largestAnswer <= limits.frameBytesMax,
      `answers in frames, not in ${largestAnswer} bytes: ${said}`
    ]
  ] as const
}

function isSame<A>(one: ReadonlyArray<A>, other: ReadonlyArray<A>): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at])
}
