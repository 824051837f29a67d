/**
 * Comes to a daemon that runs and a home that is in a mesh, whatever stands in between.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import type { MeshStatus } from "@claudemesh/protocol/local_api"
import { Effect, type FileSystem, Result, type Stdio } from "effect"
import type { EndedWith } from "../cli/failure.ts"
import { isNotRunning, LocalDaemon } from "../cli/local_daemon.ts"
import { Output } from "../cli/output.ts"
import { beginMesh, hasNoKeys } from "./begin_mesh.ts"
import type { Question } from "./flow.ts"
import { askInLines } from "./line_question.ts"
import { interrupted, type Overlay, overlayOf, type Overlays, settled } from "./overlays.ts"

/** What was asked for, and whether there is somebody to ask. */
export interface Approach {
  /** An invite by which to join first. */
  readonly link: string | undefined
  readonly mayAsk: boolean
  /** Whether what is proposed is taken unasked. */
  readonly yes: boolean
  readonly quiet: boolean
}

/** A daemon, and its meshes. */
export interface Reached {
  readonly daemon: Daemon["Service"]
  readonly meshes: ReadonlyArray<MeshStatus>
  /** The one that was joined just now, or that the link leads to. */
  readonly joined: MeshStatus | undefined
}

/** Tries, and deals with what comes between, the latest first, until nothing does. */
export const reachMesh = Effect.fn("reachMesh")(function*(approach: Approach) {
  let { link } = approach
  let stack: Overlays = []
  for (;;) {
    const top = stack.at(-1)
    const step: Effect.Effect<Step, Refused | EndedWith, Around> = top === undefined
      ? Effect.map(reach(link), (reached) => ({ reached }))
      : Effect.map(settle(top, approach), (link) => ({ link }))
    const result = yield* Effect.result(step)
    if (Result.isFailure(result)) {
      stack = yield* withObstacle({ stack, approach }, result.failure)
    } else if ("reached" in result.success) {
      return result.success.reached
    } else {
      link = result.success.link ?? link
      stack = settled(stack)
    }
  }
})

/** What one step brings. */
type Step = { readonly reached: Reached } | { readonly link: string | undefined }

type Around = FileSystem.FileSystem | LocalDaemon | Output | Stdio.Stdio

/** All there is to reach, in one go. */
const reach = Effect.fnUntraced(function*(link: string | undefined) {
  const daemon = yield* Effect.catchIf(
    (yield* LocalDaemon).running,
    isNotRunning,
    (absent) => refuseAbsent(absent, link)
  )
  const joined = link === undefined
    ? undefined
    : yield* daemon.meshes.join({ payload: { link } })
  const { items: meshes } = yield* daemon.meshes.list({})
  if (meshes.length === 0) return yield* refuseWithout(daemon)
  return { daemon, meshes, joined } satisfies Reached
})

/** That a home without keys is in no mesh needs no daemon to say it, and what makes one starts its own. */
const refuseAbsent = Effect.fnUntraced(function*(absent: Refused, link: string | undefined) {
  const isWithoutMesh = link === undefined && (yield* hasNoKeys)
  return yield* isWithoutMesh ? noMesh() : absent
})

/** Where there is a mesh whose keys cannot be used, that is said instead. */
const refuseWithout = Effect.fnUntraced(function*(daemon: Daemon["Service"]) {
  yield* daemon.roster.peers({ query: {} })
  return yield* noMesh()
})

function noMesh(): Refused {
  return refused("no_mesh", "Cannot launch: this device is in no mesh yet")
}

/** Takes one away; answers with the link, where one was given. */
const settle = Effect.fnUntraced(function*(overlay: Overlay, approach: Approach) {
  const { quiet } = approach
  const { note } = yield* Output
  if (!quiet) yield* note(`${overlay.says}.`)
  if (overlay.remedy === "start_daemon") {
    yield* (yield* LocalDaemon).started
    return undefined
  }
  const { question } = overlay
  const link = question === undefined ? "" : yield* answerTo(question, approach)
  if (link !== "") return link
  if (overlay.remedy !== "take_link_or_begin") {
    return yield* refused("needs_input", `${overlay.says}; no link was given`)
  }
  yield* beginMesh({ quiet })
  return undefined
})

function answerTo(question: Question, { yes }: Approach) {
  const { otherwise } = question
  return yes && otherwise !== undefined ? Effect.succeed(otherwise) : askInLines(question)
}

/** Whether somebody answers it, or its proposed answer will do. */
function isAnswered({ otherwise }: Question, { mayAsk, yes }: Approach): boolean {
  return mayAsk || (yes && otherwise !== undefined)
}

function withObstacle(
  { approach, stack }: { readonly stack: Overlays; readonly approach: Approach },
  failure: Refused | EndedWith
): Effect.Effect<Overlays, Refused | EndedWith> {
  const overlay = failure._tag === "Refused" ? overlayOf(failure) : undefined
  const isStuck = overlay === undefined || overlay.id === stack.at(-1)?.id ||
    (overlay.question !== undefined && !isAnswered(overlay.question, approach))
  return isStuck ? Effect.fail(failure) : Effect.succeed(interrupted(stack, overlay))
}
